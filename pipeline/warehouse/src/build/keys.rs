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
use datafusion::prelude::{Expr, ident};
use xxhash_rust::xxh3::xxh3_64;

/// More keys than these would take more memory than they save work.
const KEYS_MAX: usize = 2_000_000;

/// The name of the function that tells keys apart.
const REACHED: &str = "is_reached";

/// The keys that a change reaches. They are kept as hashes of eight bytes: two keys with one hash cost a row that is
/// computed without need, and nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    column: String,
    hashes: Arc<HashSet<u64>>,
}

impl Keys {
    pub(crate) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// The rows whose key is one of them; null for a row without a key.
    pub(crate) fn reached(&self) -> Expr {
        let hashes = Arc::clone(&self.hashes);
        let signature = Signature::any(1, Volatility::Immutable);
        ScalarUDF::from(IsReached { signature, hashes }).call(vec![ident(&self.column)])
    }

    /// All other rows.
    pub(crate) fn standing(&self) -> Expr {
        self.reached().is_not_true()
    }
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        self.column == other.column && self.hashes == other.hashes
    }
}

impl Eq for Keys {}

/// Keys on their way in.
#[derive(Debug)]
pub(crate) struct KeysFound {
    column: String,
    /// None once a row had no key, or there were too many.
    hashes: Option<HashSet<u64>>,
}

impl KeysFound {
    pub(crate) fn of(column: &str) -> Self {
        Self { column: column.to_owned(), hashes: Some(HashSet::new()) }
    }

    /// Adds a column of keys.
    pub(crate) fn add(&mut self, keys: &ArrayRef) -> Result<()> {
        let keys = cast(keys, &DataType::Utf8)?;
        let keys = keys.as_string::<i32>();
        let Some(hashes) = &mut self.hashes else { return Ok(()) };
        hashes.extend(keys.iter().flatten().map(hash));
        if keys.null_count() > 0 || hashes.len() > KEYS_MAX {
            self.hashes = None;
        }
        Ok(())
    }

    /// The keys, if they are all known.
    pub(crate) fn all(self) -> Option<Keys> {
        Some(Keys { column: self.column, hashes: Arc::new(self.hashes?) })
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

fn hash(key: &str) -> u64 {
    xxh3_64(key.as_bytes())
}

/// Whether a key is one of some. It is a function and no list, because a plan copies its lists many times over.
#[derive(Debug)]
struct IsReached {
    signature: Signature,
    hashes: Arc<HashSet<u64>>,
}

impl PartialEq for IsReached {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.hashes, &other.hashes)
    }
}

impl Eq for IsReached {}

impl Hash for IsReached {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.hashes).hash(state);
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
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let keys = cast(&arrays[0], &DataType::Utf8)?;
        let keys = keys.as_string::<i32>();
        let reached: BooleanArray =
            keys.iter().map(|key| Some(self.hashes.contains(&hash(key?)))).collect();
        Ok(ColumnarValue::Array(Arc::new(reached)))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::StringArray;

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

    #[test]
    fn a_key_is_reached_if_it_is_one_of_them() {
        let keys = found(&[Some("a"), Some("b")]).unwrap();
        assert_eq!(keys.reached(), keys.clone().reached());
        assert_ne!(keys.reached(), found(&[Some("a"), Some("b")]).unwrap().reached());
        assert_eq!(keys, found(&[Some("b"), Some("a")]).unwrap());
    }
}
