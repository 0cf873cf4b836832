//! The standard forms and their field keys (reference: kingdee.md section 2).
//!
//! Keys start with `F`; the few that start with `F_YL_` are the made-up tenant's own fields, as
//! every real tenant has some.

mod documents;
mod entries;
mod lookups;
mod masters;

use crate::data::{EntityMeta, FieldKind, FieldMeta, FormMeta};

/// A field as a constant: key, caption, kind.
type Field = (&'static str, &'static str, Kind);

/// A field's kind as a constant.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Int,
    Decimal,
    Date,
    DateTime,
    Bool,
    Enum(&'static [(&'static str, &'static str)]),
    Base(&'static str),
    Assistant,
}

/// A form as a constant.
struct FormSpec {
    id: &'static str,
    caption: &'static str,
    pk: &'static str,
    number: &'static str,
    table: &'static str,
    header: &'static [&'static [Field]],
    entity: Option<EntitySpec>,
}

/// An entry list as a constant.
struct EntitySpec {
    key: &'static str,
    table: &'static str,
    entry_name: &'static str,
    fields: &'static [Field],
}

const DOCUMENT_STATUS: Kind = Kind::Enum(&[
    ("Z", "暂存"),
    ("A", "创建"),
    ("B", "审核中"),
    ("C", "已审核"),
    ("D", "重新审核"),
]);
const FORBID_STATUS: Kind = Kind::Enum(&[("A", "否"), ("B", "是")]);
const CANCEL_STATUS: Kind = Kind::Enum(&[("A", "未作废"), ("B", "已作废")]);
const CLOSE_STATUS: Kind = Kind::Enum(&[("A", "未关闭"), ("B", "已关闭")]);

/// Creation, change and status, which every form has.
const AUDIT: &[Field] = &[
    ("FDocumentStatus", "数据状态", DOCUMENT_STATUS),
    ("FCreatorId", "创建人", Kind::Base("SEC_User")),
    ("FCreateDate", "创建日期", Kind::DateTime),
    ("FModifierId", "最后修改人", Kind::Base("SEC_User")),
    ("FModifyDate", "最后修改日期", Kind::DateTime),
];

/// Approval, which documents and most base data have.
const APPROVAL: &[Field] = &[
    ("FApproverId", "审核人", Kind::Base("SEC_User")),
    ("FApproveDate", "审核日期", Kind::DateTime),
];

/// Organisations of base data that is allotted to several.
const ORGANISATIONS: &[Field] = &[
    ("FCreateOrgId", "创建组织", Kind::Base("ORG_Organizations")),
    ("FUseOrgId", "使用组织", Kind::Base("ORG_Organizations")),
    ("FForbidStatus", "禁用状态", FORBID_STATUS),
];

/// Every form the sandbox knows.
pub(crate) fn standard() -> Vec<FormMeta> {
    let groups = [masters::FORMS, documents::FORMS, lookups::FORMS];
    groups.iter().flat_map(|group| group.iter()).map(form).collect()
}

fn form(spec: &FormSpec) -> FormMeta {
    FormMeta {
        id: spec.id.to_owned(),
        caption: spec.caption.to_owned(),
        pk: spec.pk.to_owned(),
        number: spec.number.to_owned(),
        table: spec.table.to_owned(),
        header: spec.header.iter().flat_map(|part| part.iter()).map(field).collect(),
        entity: spec.entity.as_ref().map(|entity| EntityMeta {
            key: entity.key.to_owned(),
            caption: "明细".to_owned(),
            table: entity.table.to_owned(),
            entry_name: entity.entry_name.to_owned(),
            fields: entity.fields.iter().map(field).collect(),
        }),
    }
}

fn field(&(key, caption, kind): &Field) -> FieldMeta {
    let kind = match kind {
        Kind::Text => FieldKind::Text,
        Kind::Int => FieldKind::Int,
        Kind::Decimal => FieldKind::Decimal,
        Kind::Date => FieldKind::Date,
        Kind::DateTime => FieldKind::DateTime,
        Kind::Bool => FieldKind::Bool,
        Kind::Enum(codes) => {
            let owned = |(code, caption): &(&str, &str)| ((*code).into(), (*caption).into());
            FieldKind::Enum(codes.iter().map(owned).collect())
        }
        Kind::Base(form) => FieldKind::Base(form.to_owned()),
        Kind::Assistant => FieldKind::Assistant,
    };
    let mut field = FieldMeta::new(key, caption, kind);
    field.must_input =
        matches!(key, "FNumber" | "FName" | "FMaterialId" | "FMaterialID" | "FCustomerID");
    field
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reference_leads_to_a_known_form_and_no_key_is_twice() {
        let forms = standard();
        let ids: BTreeSet<_> = forms.iter().map(|form| form.id.as_str()).collect();
        assert_eq!(ids.len(), forms.len());
        for form in &forms {
            let entry = form.entity.iter().flat_map(|entity| entity.fields.iter());
            let mut keys = BTreeSet::from([form.pk.to_ascii_lowercase()]);
            for field in form.header.iter().chain(entry) {
                assert!(keys.insert(field.key.to_ascii_lowercase()), "{} {}", form.id, field.key);
                if let FieldKind::Base(target) = &field.kind {
                    assert!(ids.contains(target.as_str()), "{} -> {target}", field.key);
                }
            }
        }
    }
}
