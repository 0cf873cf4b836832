//! The objects, their lists and named filters (reference: yonyou.md 1.6).

/// A kind of master or document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// 物料.
    Product,
    /// 计量单位.
    Unit,
    /// 客户.
    Merchant,
    /// 供应商.
    Vendor,
    /// 销售订单.
    SalesOrder,
    /// 销售出库.
    SalesOut,
    /// 生产订单.
    ProductionOrder,
    /// 材料出库.
    MaterialOut,
    /// 产品入库.
    StoreProRecord,
    /// 员工.
    Staff,
}

/// The form of a list's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A page object with numbers.
    Page,
    /// A page object whose paging values are texts.
    TextPage,
    /// A page object with `pageCount` as text and `pageSIze`.
    StaffPage,
    /// Nothing but the rows.
    BareArray,
}

/// How a named filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Equal,
    From,
    To,
    /// `a|b`, both inclusive.
    Range,
    /// One of an array.
    OneOf,
}

/// The integration list of customers, the second one over the same rows.
const MERCHANT_RANGE_PATH: &str = "/yonbip/digitalModel/merchant/newlistrange";

impl Object {
    /// Every object.
    pub const ALL: [Self; 10] = [
        Self::Product,
        Self::Unit,
        Self::Merchant,
        Self::Vendor,
        Self::SalesOrder,
        Self::SalesOut,
        Self::ProductionOrder,
        Self::MaterialOut,
        Self::StoreProRecord,
        Self::Staff,
    ];

    /// The list's path below the gateway.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Product => "/yonbip/digitalModel/product/listproductbycondition",
            Self::Unit => "/yonbip/digitalModel/unit/list",
            Self::Merchant => "/yonbip/digitalModel/merchant/newlist",
            Self::Vendor => "/yonbip/digitalModel/vendor/list",
            Self::SalesOrder => "/yonbip/sd/voucherorder/list",
            Self::SalesOut => "/yonbip/scm/salesout/list",
            Self::ProductionOrder => "/yonbip/mfg/productionorder/list",
            Self::MaterialOut => "/yonbip/scm/materialout/list",
            Self::StoreProRecord => "/yonbip/scm/storeprorecord/list",
            Self::Staff => "/yonbip/digitalModel/staff/listForApi",
        }
    }

    /// The object and form behind a list's path.
    pub(crate) fn at(path: &str) -> Option<(Self, Shape)> {
        if path == MERCHANT_RANGE_PATH {
            return Some((Self::Merchant, Shape::TextPage));
        }
        let object = Self::ALL.into_iter().find(|object| object.path() == path)?;
        let shape = match object {
            Self::Merchant => Shape::BareArray,
            Self::Staff => Shape::StaffPage,
            _ => Shape::Page,
        };
        Some((object, shape))
    }

    /// Whether the object has lines, which a list flattens.
    pub(crate) fn has_lines(self) -> bool {
        self.line_id().is_some()
    }

    /// The key of a line's id in a row.
    pub(crate) fn line_id(self) -> Option<&'static str> {
        match self {
            Self::SalesOrder => Some("orderDetailId"),
            Self::SalesOut => Some("details_id"),
            Self::ProductionOrder => Some("OrderProduct_id"),
            Self::MaterialOut => Some("materOuts_id"),
            Self::StoreProRecord => Some("storeProRecords_id"),
            _ => None,
        }
    }

    /// The entity that filters on lines begin with.
    pub(crate) fn child(self) -> Option<&'static str> {
        match self {
            Self::SalesOrder => Some("orderDetails"),
            Self::SalesOut => Some("details"),
            Self::ProductionOrder => Some("OrderProduct"),
            Self::MaterialOut => Some("materOuts"),
            Self::StoreProRecord => Some("storeProRecords"),
            _ => None,
        }
    }

    /// Whether `simpleVOs` are honoured.
    pub(crate) fn takes_conditions(self) -> bool {
        self.has_lines()
    }

    /// The key of the request, the field of the row, and how they compare.
    pub(crate) fn named(self) -> &'static [(&'static str, &'static str, Named)] {
        use Named::{Equal, From, OneOf, Range, To};
        match self {
            Self::Product => &[("productCode", "code", Equal), ("productName", "name", Equal)],
            Self::Unit => &[("open_pubts_begin", "pubts", From), ("open_pubts_end", "pubts", To)],
            Self::Merchant => {
                &[("pubts", "pubts", From), ("beganTime", "pubts", From), ("endTime", "pubts", To)]
            }
            Self::Vendor => &[("code", "code", Equal), ("simple.pubts", "pubts", From)],
            Self::SalesOrder => &[
                ("code", "code", Equal),
                ("open_vouchdate_begin", "vouchdate", From),
                ("open_vouchdate_end", "vouchdate", To),
            ],
            Self::SalesOut => &[
                ("code", "code", Equal),
                ("cust", "cust", Equal),
                ("warehouse", "warehouse", Equal),
                ("upcode", "srcBillNO", Equal),
                ("vouchdate", "vouchdate", Range),
            ],
            Self::ProductionOrder => &[
                ("status", "status", Equal),
                ("vouchdate", "vouchdate", Range),
                ("createTime", "createTime", Range),
                ("OrderProduct!productId", "OrderProduct_productId", Equal),
                ("OrderProduct!startDate", "OrderProduct_startDate", Range),
                ("simple.open_pubts_begin", "pubts", From),
                ("simple.open_pubts_end", "pubts", To),
            ],
            Self::MaterialOut | Self::StoreProRecord => &[
                ("open_vouchdate_begin", "vouchdate", From),
                ("open_vouchdate_end", "vouchdate", To),
            ],
            Self::Staff => &[
                ("pubts", "pubts", From),
                ("mobile", "mobile", Equal),
                ("codes", "code", OneOf),
                ("ids", "id", OneOf),
                ("enable", "enable", OneOf),
            ],
        }
    }
}
