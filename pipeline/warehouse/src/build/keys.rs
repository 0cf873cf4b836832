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

use super::key_bits::KeyBits;
use super::key_order::{KeyOrder, KeyTexts};

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
#[derive(Debug)]
struct Members {
    told: Told,
    /// Of hashes.
    bits: Option<KeyBits>,
    /// None if they are too many.
    order: Option<KeyOrder>,
}

/// What tells some keys from all others.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    /// Few, as they are.
    Listed(HashSet<String>),
    /// Hashes of eight bytes: two keys with one hash cost a row that is computed without need, and nothing else.
    Hashed(HashSet<u64>),
}

impl Told {
    fn len(&self) -> usize {
        match self {
            Self::Listed(keys) => keys.len(),
            Self::Hashed(hashes) => hashes.len(),
        }
    }

    /// True if the key is new.
    fn add(&mut self, key: &str) -> bool {
        match self {
            Self::Listed(keys) if keys.contains(key) => false,
            Self::Listed(keys) if keys.len() < LISTED_MAX => keys.insert(key.to_owned()),
            Self::Listed(keys) => {
                let all = keys.iter().map(String::as_str).chain([key]);
                *self = Self::Hashed(all.map(hash).collect());
                true
            }
            Self::Hashed(hashes) => hashes.insert(hash(key)),
        }
    }
}

impl Members {
    fn has(&self, key: &str) -> bool {
        match &self.told {
            Told::Listed(keys) => keys.contains(key),
            Told::Hashed(hashes) => {
                let hash = hash(key);
                self.bits.as_ref().is_none_or(|bits| bits.may_have(hash)) && hashes.contains(&hash)
            }
        }
    }
}

impl Keys {
    pub(crate) fn len(&self) -> usize {
        self.members.told.len()
    }

    /// The same as a reader of files understands it: few keys as a list, which is compared with what files tell of their groups of
    /// rows.
    pub(crate) fn sought(&self) -> Expr {
        match &self.members.told {
            Told::Listed(keys) => {
                ident(&self.column).in_list(keys.iter().map(lit).collect(), false)
            }
            Told::Hashed(_) => self.reached(),
        }
    }

    /// The column whose values they are.
    pub(crate) fn column(&self) -> &str {
        &self.column
    }

    /// Whether one of them may be neither smaller than one value nor greater than the other.
    pub(crate) fn any_between(&self, least: &[u8], greatest: &[u8]) -> bool {
        self.members.order.as_ref().is_none_or(|order| order.any_between(least, greatest))
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
        self.column == other.column && self.members.told == other.members.told
    }
}

impl Eq for Keys {}

/// Keys on their way in.
#[derive(Debug)]
pub(crate) struct KeysFound {
    column: String,
    /// None once a row had no key, or there were too many.
    told: Option<Told>,
    texts: KeyTexts,
}

impl KeysFound {
    pub(crate) fn of(column: &str) -> Self {
        let told = Some(Told::Listed(HashSet::new()));
        Self { column: column.to_owned(), told, texts: KeyTexts::default() }
    }

    /// Adds a column of keys.
    pub(crate) fn add(&mut self, keys: &ArrayRef) -> Result<()> {
        let keys = cast(keys, &DataType::Utf8)?;
        let keys = keys.as_string::<i32>();
        let Some(told) = &mut self.told else { return Ok(()) };
        for key in keys.iter().flatten() {
            if told.add(key) {
                self.texts.add(key);
            }
        }
        if keys.null_count() > 0 || told.len() > KEYS_MAX {
            self.told = None;
        }
        Ok(())
    }

    /// The keys, if they are all known.
    pub(crate) fn all(self) -> Option<Keys> {
        let told = self.told?;
        let bits = match &told {
            Told::Listed(_) => None,
            Told::Hashed(hashes) => Some(KeyBits::of(hashes)),
        };
        let members = Members { told, bits, order: self.texts.in_order() };
        Some(Keys { column: self.column, members: Arc::new(members) })
    }
}

/// The keys that a condition asks for, none for another condition.
pub(crate) fn reached(condition: &Expr) -> Option<Keys> {
    let Expr::ScalarFunction(call) = condition else { return None };
    let reached = call.func.inner().downcast_ref::<IsReached>()?;
    let [Expr::Column(column)] = call.args.as_slice() else { return None };
    Some(Keys { column: column.name.clone(), members: Arc::clone(&reached.members) })
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
            let sought = keys.sought();
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
