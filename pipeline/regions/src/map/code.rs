//! What a map's code is today, and what several share.

use crate::level::Level;
use crate::table::RegionTable;

/// Codes of the official map that are not those of the register.
const MAP_CODES: &[(u32, u32)] = &[
    (460_321, 460_302),
    (460_322, 460_303),
    (810_101, 810_001),
    (810_102, 810_003),
    (810_103, 810_007),
    (810_104, 810_009),
    (810_105, 810_004),
    (810_106, 810_006),
    (810_107, 810_002),
    (810_108, 810_008),
    (810_109, 810_005),
    (810_110, 810_018),
    (810_111, 810_017),
    (810_112, 810_013),
    (810_113, 810_015),
    (810_114, 810_016),
    (810_115, 810_011),
    (810_116, 810_014),
    (810_117, 810_010),
    (810_118, 810_012),
];

/// A region of today with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// By level, outermost first; the region itself is the last that is known.
    codes: [Option<String>; 3],
    code: String,
    level: Level,
}

impl Line {
    /// The region of a map's code, or the one around it where the register has no such code.
    pub(crate) fn find(table: &RegionTable, code: u32) -> Option<Self> {
        let known = MAP_CODES.iter().find(|(map, _)| *map == code).map_or(code, |(_, own)| *own);
        [known, known / 100 * 100, known / 10_000 * 10_000].into_iter().find_map(|code| {
            let code = format!("{code:06}");
            let today = table.today(&code);
            let region = table.get(today).filter(|_| table.is_current(today))?;
            let above = |level| table.at_level(today, level).map(str::to_owned);
            Some(Self {
                codes: [Level::Province, Level::City, Level::County].map(above),
                code: today.to_owned(),
                level: region.level,
            })
        })
    }

    pub(crate) fn code(&self) -> &str {
        &self.code
    }
}

/// The lowest region that holds all of them.
pub(crate) fn shared<'a>(lines: &[&'a Line]) -> Option<(&'a str, Level)> {
    let first = *lines.first()?;
    if lines.iter().all(|line| line.code == first.code) {
        return Some((&first.code, first.level));
    }
    [Level::City, Level::Province].into_iter().find_map(|level| {
        let code = first.codes[level as usize].as_deref()?;
        // A municipality is its own city.
        let is_province = first.codes[Level::Province as usize].as_deref() == Some(code);
        let level_of_code = if is_province { Level::Province } else { level };
        lines
            .iter()
            .all(|line| line.codes[level as usize].as_deref() == Some(code))
            .then_some((code, level_of_code))
    })
}
