//! Regions, territories and corrected addresses over the API.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{NaiveDate, Utc};
use serde_json::Value;
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, Correction, CorrectionDraft, MapPoint, Page, PageAsked, Places, PortError, Region,
    RegionLevel, ReportDesk, ReportQuestion, Row, Territory, TerritoryFilter,
};
use yuanliu_regions::{Level, RegionMap, map};
use yuanliu_warehouse::RowRange;

use super::Desk;
use crate::report::Question;

#[async_trait]
impl Places for Desk {
    async fn regions(
        &self,
        _who: &Principal,
        parent: Option<&str>,
        on: Option<NaiveDate>,
    ) -> Answer<Vec<Region>> {
        let table = &self.service().hub.regions;
        let zone = self.service().hub.config.hub.time_zone;
        let on = on.unwrap_or_else(|| Utc::now().with_timezone(&zone).date_naive());
        let holds = |region: &yuanliu_regions::Region<'_>| {
            region.valid_from <= on && region.valid_to.is_none_or(|last| on <= last)
        };
        let then: Vec<_> = table.rows().filter(holds).collect();
        let parents: BTreeSet<_> = then.iter().filter_map(|region| region.parent_code).collect();
        if let Some(parent) = parent
            && !then.iter().any(|region| region.region_code == parent)
        {
            return Err(PortError::NotFound(format!("there was no region {parent} on {on}")));
        }
        let found = then.iter().filter(|region| region.parent_code == parent);
        let regions = found.map(|region| Region {
            region_code: region.region_code.to_owned(),
            name: region.name.to_owned(),
            level: level(region.level),
            parent_code: region.parent_code.map(str::to_owned),
            has_children: parents.contains(region.region_code),
        });
        Ok(regions.collect())
    }

    async fn territories(
        &self,
        who: &Principal,
        filter: &TerritoryFilter,
        page: &PageAsked,
    ) -> Answer<Page<Territory>> {
        let named = [("dealer_code", &filter.dealer_code), ("region_code", &filter.region_code)];
        let filters =
            named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
        let question = ReportQuestion {
            to: filter.on,
            filters: filters.collect(),
            ..ReportQuestion::default()
        };
        let found = ReportDesk::rows(self, who, "territories", &question, page).await?;
        let items = found.rows.iter().filter_map(territory).collect();
        Ok(Page { items, next: found.next_cursor })
    }

    async fn corrections(&self, _who: &Principal, page: &PageAsked) -> Answer<Page<Correction>> {
        self.corrections_page(page).await
    }

    async fn correct(&self, who: &Principal, draft: &CorrectionDraft) -> Answer<Correction> {
        if self.service().hub.regions.get(&draft.region_code).is_none() {
            let what = format!("there is no region {}", draft.region_code);
            return Err(PortError::invalid(what, "take a code that GET /api/v1/regions lists"));
        }
        self.record_correction(who, draft).await
    }
}

impl Desk {
    /// Where a dealer may sell, as a point to draw from: its largest territory of today.
    pub(super) async fn home_of(
        &self,
        who: &Principal,
        dealer_code: &str,
    ) -> Answer<Option<MapPoint>> {
        let filters = [("dealer_code".to_owned(), dealer_code.to_owned())].into();
        let page = Some(RowRange { offset: 0, limit: 100 });
        let zone = self.service().hub.config.hub.time_zone;
        let to = Some(Utc::now().with_timezone(&zone).date_naive());
        let asked = Question { filters, page, to, ..Question::default() };
        let (_, rows) = self.answer(who, "territories", &ReportQuestion::default(), &asked).await?;
        let regions = rows.iter().filter_map(|row| row.0.get("region_code")?.as_str());
        let widest =
            regions.max_by_key(|code| code.bytes().rev().take_while(|b| *b == b'0').count());
        Ok(widest.and_then(|code| self.point(code)))
    }

    /// About the middle of a region; none where the map cannot be read or does not have it.
    pub(super) fn point(&self, region_code: &str) -> Option<MapPoint> {
        let map = self.0.map.get_or_init(|| self.load_map()).as_ref()?;
        let [lng, lat] = map.center(region_code)?;
        Some(MapPoint { lng, lat, region_code: region_code.to_owned() })
    }

    fn load_map(&self) -> Option<RegionMap> {
        let hub = &self.service().hub;
        let loaded = match &hub.config.hub.regions.map {
            Some(path) => RegionMap::load(path, &hub.regions, map::BORDER_ERROR_M),
            None => RegionMap::embedded(&hub.regions),
        };
        match loaded {
            Ok(map) => Some(map),
            Err(error) => {
                ::tracing::warn!(%error, "cases are drawn without lines: the map of counties cannot be read");
                None
            }
        }
    }
}

fn level(level: Level) -> RegionLevel {
    match level {
        Level::Province => RegionLevel::Province,
        Level::City => RegionLevel::City,
        Level::County => RegionLevel::County,
    }
}

fn territory(row: &Row) -> Option<Territory> {
    let text = |name: &str| row.0.get(name).and_then(Value::as_str).map(str::to_owned);
    let day = |name: &str| text(name).and_then(|day| day.parse().ok());
    Some(Territory {
        dealer_code: text("dealer_code")?,
        dealer_name: text("dealer_name"),
        product_code: text("product_code"),
        category: text("category"),
        channel: text("channel"),
        region_code: text("region_code")?,
        region_name: text("region_name"),
        valid_from: day("valid_from"),
        valid_to: day("valid_to"),
    })
}
