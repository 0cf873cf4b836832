//! Which cell of a row is which column.

use std::collections::HashMap;

use yuanliu_contract::Result;

use crate::catalog::Table;
use crate::error::unusable;
use crate::rows::Cells;

/// Where a file's column goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The canonical column of that index.
    Canonical(usize),
    /// Into the attributes.
    Attribute,
}

/// The columns of one file.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// Canonical names as in the catalogue, others as written.
    pub(crate) names: Vec<String>,
    pub(crate) slots: Vec<Slot>,
}

impl Header {
    /// Reads a header row; refuses one with a column twice or without a column every row needs.
    pub(crate) fn parse(table: &Table, file: &str, cells: Cells<'_>) -> Result<Self> {
        let mut header = Self { names: Vec::new(), slots: Vec::new() };
        let mut places: HashMap<String, usize> = HashMap::new();
        for (index, cell) in cells.iter().enumerate() {
            let place = index + 1;
            let narrow = narrow(cell);
            let name = match narrow.trim() {
                "" => format!("column_{place}"),
                name => name.to_owned(),
            };
            if let Some(earlier) = places.insert(name.to_lowercase(), place) {
                return Err(unusable(
                    file,
                    format!(
                        "the column {name} stands twice in the header, at {earlier} and {place}"
                    ),
                    format!("rename or delete one of the two columns {name} in {file}"),
                ));
            }
            header.push(table, name);
        }
        let has = |name: &str| header.names.iter().any(|known| known == name);
        let missing: Vec<_> = table
            .key
            .iter()
            .filter(|name| table.is_required(name) && !has(name))
            .map(String::as_str)
            .collect();
        if missing.is_empty() {
            return Ok(header);
        }
        let missing = missing.join(", ");
        Err(unusable(
            file,
            format!("the header lacks {missing}; it has {}", shown(&header.names)),
            format!("add the column {missing} to the first row of {file}"),
        ))
    }

    /// The header of a row that names its own columns.
    pub(crate) fn of_names(table: &Table, names: impl Iterator<Item = String>) -> Self {
        let mut header = Self { names: Vec::new(), slots: Vec::new() };
        names.for_each(|name| header.push(table, name));
        header
    }

    fn push(&mut self, table: &Table, name: String) {
        let canonical = table.columns.iter().position(|c| c.0.eq_ignore_ascii_case(&name));
        match canonical {
            Some(index) => {
                self.names.push(table.columns[index].0.clone());
                self.slots.push(Slot::Canonical(index));
            }
            None => {
                self.names.push(name);
                self.slots.push(Slot::Attribute);
            }
        }
    }
}

/// Full-width letters, digits and blanks as half-width ones, and no byte order mark.
pub(crate) fn narrow(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{3000}' => Some(' '),
        '\u{feff}' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        c => Some(c),
    };
    text.chars().filter_map(narrow).collect()
}

fn shown(names: &[String]) -> String {
    /// A header that is no header may be long.
    const SHOWN_CHARS_MAX: usize = 300;
    names.join(", ").chars().take(SHOWN_CHARS_MAX).collect()
}
