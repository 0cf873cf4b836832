//! The columns of a batch of events.
//!
//! Columns are found by name and read as the type they should have: a lake may hand over views
//! instead of strings, and an old table may lack a column.

use arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Float64Array, Int64Array, ListArray, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use yuanliu_law::EventType;

use crate::error::IndexError;
use crate::event::{EventRow, InputRow, Text};

/// Digits of a quantity, in all and after the point, as in the ledger.
const QUANTITY: DataType = DataType::Decimal128(28, 10);

/// The columns the index reads.
pub(super) struct EventColumns {
    event_id: StringArray,
    content_hash: Int64Array,
    event_type: StringArray,
    event_time: Option<TimestampMicrosecondArray>,
    texts: Vec<Option<StringArray>>,
    accuracy_m: Option<Float64Array>,
    codes: Option<TextLists>,
    printed_codes: Option<TextLists>,
    aliases: Option<TextLists>,
    inputs: Option<InputLists>,
}

impl EventColumns {
    pub(super) fn new(batch: &RecordBatch) -> Result<Self, IndexError> {
        let text = |name| text_column(batch, name);
        let needed = |name| move || IndexError::Batch { column: name, problem: "is missing" };
        let number = |name, wanted| column_as(batch, name, &wanted);
        Ok(Self {
            event_id: text("event_id")?.ok_or_else(needed("event_id"))?,
            content_hash: number("content_hash", DataType::Int64)?
                .ok_or_else(needed("content_hash"))?
                .as_primitive::<Int64Type>()
                .clone(),
            event_type: text("event_type")?.ok_or_else(needed("event_type"))?,
            event_time: instants(batch, "event_time")?,
            texts: Text::ALL.iter().map(|one| text(one.name())).collect::<Result<_, _>>()?,
            accuracy_m: number("accuracy_m", DataType::Float64)?
                .map(|column| column.as_primitive::<Float64Type>().clone()),
            codes: TextLists::new(batch, "codes")?,
            printed_codes: TextLists::new(batch, "printed_codes")?,
            aliases: TextLists::new(batch, "aliases")?,
            inputs: InputLists::new(batch)?,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.event_id.len()
    }

    /// Id, content hash and type of the event at a position; none if there is not all of it, or a
    /// type the law does not know.
    pub(super) fn identity(&self, at: usize) -> Option<(&str, i64, EventType)> {
        let content_hash = self.content_hash.is_valid(at).then(|| self.content_hash.value(at))?;
        let event_type = EventType::parse(text_at(&self.event_type, at)?)?;
        Some((text_at(&self.event_id, at)?, content_hash, event_type))
    }

    /// How many codes the row at a position lists, repeated ones too.
    pub(super) fn codes_listed(&self, at: usize) -> usize {
        self.codes.as_ref().map_or(0, |codes| items(&codes.lists, at).len())
    }

    /// The event at a position, if there is one.
    pub(super) fn row(&self, at: usize) -> Option<EventRow<'_>> {
        let (event_id, content_hash, event_type) = self.identity(at)?;
        let mut texts = [None; crate::event::TEXT_COUNT];
        for (value, column) in texts.iter_mut().zip(&self.texts) {
            *value = column.as_ref().and_then(|column| text_at(column, at));
        }
        let scanned = self.codes.iter().flat_map(|lists| lists.row(at));
        let printed = self.printed_codes.iter().flat_map(|lists| lists.row(at));
        let printed = printed.chain(std::iter::repeat(None));
        let mut codes: Vec<_> =
            scanned.zip(printed).filter_map(|(code, as_it)| Some((code?, as_it))).collect();
        codes.sort_unstable_by_key(|(code, printed)| (*code, printed.is_none(), *printed));
        codes.dedup_by_key(|(code, _)| *code);
        let time = self.event_time.as_ref().filter(|column| column.is_valid(at));
        Some(EventRow {
            event_id,
            content_hash,
            event_type,
            // The last instant there is stands for none.
            time_us: time.map(|column| column.value(at)).filter(|time_us| *time_us < i64::MAX),
            texts,
            accuracy_m: value_at(self.accuracy_m.as_ref(), at, Float64Array::value),
            codes_listed: self.codes_listed(at),
            codes,
            aliases: self.aliases.iter().flat_map(|lists| lists.row(at)).flatten().collect(),
            inputs: self.inputs.as_ref().map(|lists| lists.row(at)).unwrap_or_default(),
        })
    }
}

struct TextLists {
    lists: ListArray,
    values: StringArray,
}

impl TextLists {
    fn new(batch: &RecordBatch, name: &'static str) -> Result<Option<Self>, IndexError> {
        let wanted = DataType::new_list(DataType::Utf8, true);
        let Some(column) = column_as(batch, name, &wanted)? else {
            return Ok(None);
        };
        let lists = column.as_list::<i32>().clone();
        let values = lists.values().as_string::<i32>().clone();
        Ok(Some(Self { lists, values }))
    }

    fn row(&self, at: usize) -> impl Iterator<Item = Option<&str>> {
        items(&self.lists, at).map(|position| text_at(&self.values, position))
    }
}

struct InputLists {
    lists: ListArray,
    material_code: StringArray,
    lot_no: StringArray,
    qty: Decimal128Array,
    unit: StringArray,
}

impl InputLists {
    fn new(batch: &RecordBatch) -> Result<Option<Self>, IndexError> {
        const NAME: &str = "inputs";
        let Some(column) = batch.column_by_name(NAME) else {
            return Ok(None);
        };
        let wrong = || IndexError::Batch { column: NAME, problem: "is no list of materials" };
        let lists = column.as_list_opt::<i32>().ok_or_else(wrong)?;
        let structs = lists.values().as_struct_opt().ok_or_else(wrong)?;
        let field = |name: &str, wanted: &DataType| {
            let column = structs.column_by_name(name).ok_or_else(wrong)?;
            cast_to(column, NAME, wanted)
        };
        let text = |name| field(name, &DataType::Utf8).map(|c| c.as_string::<i32>().clone());
        Ok(Some(Self {
            lists: lists.clone(),
            material_code: text("material_code")?,
            lot_no: text("lot_no")?,
            qty: field("qty", &QUANTITY)?.as_primitive::<Decimal128Type>().clone(),
            unit: text("unit")?,
        }))
    }

    fn row(&self, at: usize) -> Vec<InputRow<'_>> {
        let input = |position| InputRow {
            material_code: text_at(&self.material_code, position),
            lot_no: text_at(&self.lot_no, position),
            qty: value_at(Some(&self.qty), position, Decimal128Array::value),
            unit: text_at(&self.unit, position),
        };
        items(&self.lists, at).map(input).collect()
    }
}

/// The positions of the values of one list; none if it is null.
fn items(lists: &ListArray, at: usize) -> std::ops::Range<usize> {
    match lists.value_offsets().get(at..at + 2) {
        Some([start, end]) if lists.is_valid(at) => *start as usize..*end as usize,
        _ => 0..0,
    }
}

fn text_at(column: &StringArray, at: usize) -> Option<&str> {
    (at < column.len() && column.is_valid(at)).then(|| column.value(at))
}

fn value_at<A: Array, T>(column: Option<&A>, at: usize, value: fn(&A, usize) -> T) -> Option<T> {
    column.filter(|column| column.is_valid(at)).map(|column| value(column, at))
}

fn text_column(batch: &RecordBatch, name: &'static str) -> Result<Option<StringArray>, IndexError> {
    let column = column_as(batch, name, &DataType::Utf8)?;
    Ok(column.map(|column| column.as_string::<i32>().clone()))
}

fn instants(
    batch: &RecordBatch,
    name: &'static str,
) -> Result<Option<TimestampMicrosecondArray>, IndexError> {
    let Some(column) = batch.column_by_name(name) else {
        return Ok(None);
    };
    let column = match column.data_type() {
        DataType::Timestamp(TimeUnit::Microsecond, _) => column.clone(),
        _ => cast_to(column, name, &DataType::Timestamp(TimeUnit::Microsecond, None))?,
    };
    Ok(Some(column.as_primitive::<TimestampMicrosecondType>().clone()))
}

fn column_as(
    batch: &RecordBatch,
    name: &'static str,
    wanted: &DataType,
) -> Result<Option<ArrayRef>, IndexError> {
    batch.column_by_name(name).map(|column| cast_to(column, name, wanted)).transpose()
}

fn cast_to(
    column: &ArrayRef,
    name: &'static str,
    wanted: &DataType,
) -> Result<ArrayRef, IndexError> {
    if column.data_type() == wanted {
        return Ok(column.clone());
    }
    cast(column, wanted).map_err(|source| IndexError::Column {
        column: name,
        wanted: wanted.to_string(),
        source,
    })
}
