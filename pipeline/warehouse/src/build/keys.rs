//! Values of one column of a model, by which the rows that a change reaches are told from the others.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{HashSet, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::prelude::{Expr, ident, lit};
use xxhash_rust::xxh3::xxh3_64;

/// More keys than these would take more memory than they save work.
const KEYS_MAX: usize = 2_000_000;

/// So few keys are kept as they are, for readers to leave out groups of rows by. Of more, each group has one.
const LISTED_MAX: usize = 256;

/// The name of the function that tells keys apart.
const REACHED: &str = "is_reached";

/// The keys that a change reaches.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    column: String,
    members: Arc<Members>,
}

/// Some keys.
#[derive(Debug, PartialEq, Eq)]
enum Members {
    /// Few, as they are.
    Listed(HashSet<String>),
    /// Hashes of eight bytes: two keys with one hash cost a row that is computed without need, and nothing else.
    Hashed(HashSet<u64>),
}

impl Members {
    fn len(&self) -> usize {
        match self {
            Self::Listed(keys) => keys.len(),
            Self::Hashed(hashes) => hashes.len(),
        }
    }

    fn has(&self, key: &str) -> bool {
        match self {
            Self::Listed(keys) => keys.contains(key),
            Self::Hashed(hashes) => hashes.contains(&hash(key)),
        }
    }

    fn add(&mut self, key: &str) {
        match self {
            Self::Listed(keys) if keys.contains(key) => {}
            Self::Listed(keys) if keys.len() < LISTED_MAX => {
                keys.insert(key.to_owned());
            }
            Self::Listed(keys) => {
                let all = keys.iter().map(String::as_str).chain([key]);
                *self = Self::Hashed(all.map(hash).collect());
            }
            Self::Hashed(hashes) => {
                hashes.insert(hash(key));
            }
        }
    }
}

impl Keys {
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// The rows whose key is one of them; null for a row without a key.
    pub(crate) fn reached(&self) -> Expr {
        let members = Arc::clone(&self.members);
        let signature = Signature::any(1, Volatility::Immutable);
        ScalarUDF::from(IsReached { signature, members }).call(vec![ident(&self.column)])
    }
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        self.column == other.column && self.members == other.members
    }
}

impl Eq for Keys {}

/// Keys on their way in.
#[derive(Debug)]
pub(crate) struct KeysFound {
    column: String,
    /// None once a row had no key, or there were too many.
    members: Option<Members>,
}

impl KeysFound {
    pub(crate) fn of(column: &str) -> Self {
        Self { column: column.to_owned(), members: Some(Members::Listed(HashSet::new())) }
    }

    /// Adds a column of keys.
    pub(crate) fn add(&mut self, keys: &ArrayRef) -> Result<()> {
        let keys = cast(keys, &DataType::Utf8)?;
        let keys = keys.as_string::<i32>();
        let Some(members) = &mut self.members else { return Ok(()) };
        keys.iter().flatten().for_each(|key| members.add(key));
        if keys.null_count() > 0 || members.len() > KEYS_MAX {
            self.members = None;
        }
        Ok(())
    }

    /// The keys, if they are all known.
    pub(crate) fn all(self) -> Option<Keys> {
        Some(Keys { column: self.column, members: Arc::new(self.members?) })
    }
}

/// The column that a condition on keys names, none for another condition.
pub(crate) fn reached_column(condition: &Expr) -> Option<String> {
    let Expr::ScalarFunction(call) = condition else { return None };
    match call.args.as_slice() {
        [Expr::Column(column)] if call.func.name() == REACHED => Some(column.name.clone()),
        _ => None,
    }
}

/// A condition on keys as a reader of files understands it: few keys as a list, which is compared with what files tell of
/// their groups of rows.
pub(crate) fn sought(condition: Expr) -> Expr {
    let Expr::ScalarFunction(call) = &condition else { return condition };
    let reached = call.func.inner().downcast_ref::<IsReached>();
    match (reached.map(|reached| reached.members.as_ref()), call.args.as_slice()) {
        (Some(Members::Listed(keys)), [column]) => {
            column.clone().in_list(keys.iter().map(lit).collect(), false)
        }
        _ => condition,
    }
}

/// What a function of one argument tells of every key, as text.
pub(super) fn told(
    args: &ScalarFunctionArgs,
    of_key: impl Fn(Option<&str>) -> Option<bool>,
) -> Result<ColumnarValue> {
    let arrays = ColumnarValue::values_to_arrays(&args.args)?;
    let keys = cast(&arrays[0], &DataType::Utf8)?;
    let told: BooleanArray = keys.as_string::<i32>().iter().map(of_key).collect();
    Ok(ColumnarValue::Array(Arc::new(told)))
}

pub(super) fn hash(key: &str) -> u64 {
    xxh3_64(key.as_bytes())
}

/// Whether a key is one of some. It is a function and no list, because a plan copies its lists many times over.
#[derive(Debug)]
struct IsReached {
    signature: Signature,
    members: Arc<Members>,
}

impl PartialEq for IsReached {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.members, &other.members)
    }
}

impl Eq for IsReached {}

impl Hash for IsReached {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.members).hash(state);
    }
}

impl ScalarUDFImpl for IsReached {
    fn name(&self) -> &str {
        REACHED
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        told(&args, |key| Some(self.members.has(key?)))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{RecordBatch, StringArray};
    use datafusion::common::ToDFSchema;
    use datafusion::prelude::SessionContext;

    use super::*;

    fn found(texts: &[Option<&str>]) -> Option<Keys> {
        let mut found = KeysFound::of("code");
        let texts: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        found.add(&texts).unwrap();
        found.all()
    }

    #[test]
    fn keys_are_counted_once_and_a_missing_one_means_all() {
        assert_eq!(found(&[Some("a"), Some("b"), Some("a")]).unwrap().len(), 2);
        assert_eq!(found(&[Some("a"), None]), None);
        assert_eq!(found(&[]).unwrap().len(), 0);
    }

    fn hits(condition: Expr, texts: &[&str]) -> Vec<bool> {
        let column: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        let batch = RecordBatch::try_from_iter([("code", column)]).unwrap();
        let schema = batch.schema().to_dfschema().unwrap();
        let condition = SessionContext::new().create_physical_expr(condition, &schema).unwrap();
        let hits = condition.evaluate(&batch).unwrap().into_array(texts.len()).unwrap();
        hits.as_boolean().iter().map(Option::unwrap).collect()
    }

    #[test]
    fn few_keys_are_sought_as_a_list_and_many_by_their_hashes() {
        let texts: Vec<_> = (0..=LISTED_MAX).map(|n| n.to_string()).collect();
        for count in [1, 2, LISTED_MAX, LISTED_MAX + 1] {
            let some: Vec<_> = texts.iter().take(count).map(|text| Some(text.as_str())).collect();
            let keys = found(&some).unwrap();
            assert_eq!(keys.len(), count);
            let sought = sought(keys.reached());
            assert_eq!(matches!(sought, Expr::InList(_)), count <= LISTED_MAX, "{sought}");
            let asked = ["0", texts[count - 1].as_str(), "none"];
            assert_eq!(hits(sought, &asked), [true, true, false]);
            assert_eq!(hits(keys.reached(), &asked), [true, true, false]);
        }
    }

    #[test]
    fn a_key_is_reached_if_it_is_one_of_them() {
        let keys = found(&[Some("a"), Some("b")]).unwrap();
        assert_eq!(keys.reached(), keys.clone().reached());
        assert_ne!(keys.reached(), found(&[Some("a"), Some("b")]).unwrap().reached());
        assert_eq!(keys, found(&[Some("b"), Some("a")]).unwrap());
    }
}
