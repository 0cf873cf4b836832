//! The lists that the ERP does not hold, as canonical CSV files.

use std::io;
use std::path::Path;

use chrono::NaiveDate;

use crate::Company;

impl Company {
    /// Writes `territory.csv`, `store.csv`, `promoter.csv` and `incentive_rate.csv` into a folder
    /// that exists, with the column names of the canonical model.
    pub fn write_canonical(&self, folder: &Path) -> io::Result<()> {
        let file = |name: &str| csv::Writer::from_path(folder.join(name)).map_err(io::Error::other);
        self.territory_rows(file("territory.csv")?)?;
        self.store_rows(file("store.csv")?)?;
        self.promoter_rows(file("promoter.csv")?)?;
        self.rate_rows(file("incentive_rate.csv")?)
    }

    fn dealer_code(&self, dealer: usize) -> &str {
        self.dealers.get(dealer).map_or("", |dealer| &dealer.code)
    }

    fn product_code(&self, product: usize) -> &str {
        self.products.get(product).map_or("", |product| &product.code)
    }

    fn territory_rows<W: io::Write>(&self, mut out: csv::Writer<W>) -> io::Result<()> {
        let header = [
            "dealer_code",
            "product_code",
            "category",
            "channel",
            "region_code",
            "valid_from",
            "valid_to",
        ];
        out.write_record(header)?;
        for rule in &self.territories {
            out.write_record([
                self.dealer_code(rule.dealer),
                rule.product.map_or("", |product| self.product_code(product)),
                rule.category.as_deref().unwrap_or_default(),
                rule.channel.unwrap_or_default(),
                &rule.region_code,
                &day(rule.valid_from),
                &day(rule.valid_to),
            ])?;
        }
        out.flush()
    }

    fn store_rows<W: io::Write>(&self, mut out: csv::Writer<W>) -> io::Result<()> {
        let header = [
            "store_code",
            "name",
            "dealer_code",
            "address",
            "region_code",
            "longitude",
            "latitude",
        ];
        out.write_record(header)?;
        for store in &self.stores {
            let Some(place) = self.places.get(store.place) else { continue };
            out.write_record([
                store.code.as_str(),
                &store.name,
                self.dealer_code(store.dealer),
                &place.full_address(),
                if store.region_known { &place.region_code } else { "" },
                &place.longitude.to_string(),
                &place.latitude.to_string(),
            ])?;
        }
        out.flush()
    }

    fn promoter_rows<W: io::Write>(&self, mut out: csv::Writer<W>) -> io::Result<()> {
        out.write_record(["promoter_code", "name", "store_code", "dealer_code"])?;
        for promoter in &self.promoters {
            let Some(store) = self.stores.get(promoter.store) else { continue };
            let dealer = self.dealer_code(store.dealer);
            out.write_record([promoter.code.as_str(), &promoter.name, &store.code, dealer])?;
        }
        out.flush()
    }

    fn rate_rows<W: io::Write>(&self, mut out: csv::Writer<W>) -> io::Result<()> {
        out.write_record(["product_code", "valid_from", "valid_to", "amount"])?;
        for rate in &self.rates {
            out.write_record([
                self.product_code(rate.product),
                &rate.valid_from.to_string(),
                &day(rate.valid_to),
                &rate.amount.to_string(),
            ])?;
        }
        out.flush()
    }
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
