//! Filling the knowledge from the lake.

use anyhow::{Context, Result, bail};
use chrono::Utc;
use futures::TryStreamExt;
use yuanliu_warehouse::QueryScope;

use super::table::Batch;
use super::{
    DealerFacts, DeliveryFacts, InspectionFacts, Knowledge, MaterialFacts, ProductFacts, ROWS_MAX,
    StoreFacts, WorkOrderFacts,
};
use crate::models::SqlFiles;

impl Knowledge {
    /// Reads every lookup; a lake that was never built answers that it must be.
    pub(crate) async fn load(files: &SqlFiles, scope: &QueryScope) -> Result<Self> {
        let mut loader = Loader { files, scope, rows: 0 };
        let mut known = Self { loaded_at: Utc::now(), ..Self::default() };
        known.load_masters(&mut loader).await?;
        known.load_sales(&mut loader).await?;
        known.load_production(&mut loader).await?;
        known.load_claims(&mut loader).await?;
        Ok(known)
    }

    async fn load_masters(&mut self, loader: &mut Loader<'_>) -> Result<()> {
        loader
            .each("dealer", |batch| {
                let (code, name) = (batch.texts("dealer_code")?, batch.texts("name")?);
                let channel = batch.texts("channel")?;
                let parent = batch.texts("parent_dealer_code")?;
                let region = batch.texts("region_code")?;
                for row in 0..batch.0.num_rows() {
                    let Some(code) = code.at(row) else { continue };
                    let facts = DealerFacts {
                        name: name.at(row),
                        channel: channel.at(row),
                        parent_dealer_code: parent.at(row),
                        region_code: region.at(row),
                    };
                    self.dealers.insert(code, facts);
                }
                Ok(())
            })
            .await?;
        loader
            .each("store", |batch| {
                let (code, dealer) = (batch.texts("store_code")?, batch.texts("dealer_code")?);
                for row in 0..batch.0.num_rows() {
                    let Some(code) = code.at(row) else { continue };
                    self.stores.insert(code, StoreFacts { dealer_code: dealer.at(row) });
                }
                Ok(())
            })
            .await?;
        loader
            .each("warehouse", |batch| {
                let code = batch.texts("warehouse_code")?;
                self.warehouses.extend((0..batch.0.num_rows()).filter_map(|row| code.at(row)));
                Ok(())
            })
            .await?;
        loader
            .each("product", |batch| {
                let (code, name) = (batch.texts("product_code")?, batch.texts("name")?);
                let (spec, category) = (batch.texts("spec")?, batch.texts("category")?);
                for row in 0..batch.0.num_rows() {
                    let Some(code) = code.at(row) else { continue };
                    let (name, spec) = (name.at(row), spec.at(row));
                    let category = category.at(row);
                    self.products.insert(code, ProductFacts { name, spec, category });
                }
                Ok(())
            })
            .await
    }

    async fn load_sales(&mut self, loader: &mut Loader<'_>) -> Result<()> {
        loader
            .each("delivery", |batch| {
                let (no, dealer) = (batch.texts("delivery_no")?, batch.texts("dealer_code")?);
                let (order, product) = (batch.texts("order_no")?, batch.texts("product_code")?);
                for row in 0..batch.0.num_rows() {
                    let Some(no) = no.at(row) else { continue };
                    let facts = DeliveryFacts {
                        dealer_code: dealer.at(row),
                        order_no: order.at(row),
                        product_code: product.at(row),
                    };
                    self.deliveries.insert(no, facts);
                }
                Ok(())
            })
            .await?;
        loader
            .each("sales_order", |batch| {
                let (no, dealer) = (batch.texts("order_no")?, batch.texts("dealer_code")?);
                let status = batch.texts("status")?;
                for row in 0..batch.0.num_rows() {
                    let Some(no) = no.at(row) else { continue };
                    let order = self.orders.entry(no).or_default();
                    order.dealer_code = dealer.at(row);
                    order.status = status.at(row);
                }
                Ok(())
            })
            .await?;
        loader
            .each("order_quantity", |batch| {
                let (no, product) = (batch.texts("order_no")?, batch.texts("product_code")?);
                let (ordered, shipped) = (batch.wholes("ordered")?, batch.wholes("shipped")?);
                for row in 0..batch.0.num_rows() {
                    let (Some(no), Some(product)) = (no.at(row), product.at(row)) else { continue };
                    let quantity = (ordered.at(row), shipped.at(row).unwrap_or_default());
                    self.orders.entry(no).or_default().quantities.insert(product, quantity);
                }
                Ok(())
            })
            .await
    }

    async fn load_claims(&mut self, loader: &mut Loader<'_>) -> Result<()> {
        loader
            .each("refused_claim", |batch| {
                let (event_id, code) = (batch.texts("event_id")?, batch.texts("code")?);
                for row in 0..batch.0.num_rows() {
                    let (Some(event_id), Some(code)) = (event_id.at(row), code.at(row)) else {
                        continue;
                    };
                    self.refused_claims.entry(code).or_default().insert(event_id);
                }
                Ok(())
            })
            .await
    }

    async fn load_production(&mut self, loader: &mut Loader<'_>) -> Result<()> {
        loader
            .each("work_order", |batch| {
                let (name, no) = (batch.texts("name")?, batch.texts("work_order_no")?);
                let (product, of_batch) = (batch.texts("product_code")?, batch.texts("batch_no")?);
                let (factory, workshop) = (batch.texts("factory")?, batch.texts("workshop")?);
                let (line, team) = (batch.texts("line")?, batch.texts("team")?);
                let status = batch.texts("status")?;
                for row in 0..batch.0.num_rows() {
                    let (Some(name), Some(work_order_no)) = (name.at(row), no.at(row)) else {
                        continue;
                    };
                    let facts = WorkOrderFacts {
                        work_order_no,
                        product_code: product.at(row),
                        batch_no: of_batch.at(row),
                        factory: factory.at(row),
                        workshop: workshop.at(row),
                        line: line.at(row),
                        team: team.at(row),
                        status: status.at(row),
                    };
                    self.work_orders.insert(name, facts);
                }
                Ok(())
            })
            .await?;
        loader
            .each("material", |batch| {
                let (no, material) = (batch.texts("work_order_no")?, batch.texts("material_code")?);
                let (lot, supplier) = (batch.texts("lot_no")?, batch.texts("supplier_code")?);
                let (qty, used_by) = (batch.texts("qty")?, batch.texts("used_by")?);
                let (depth, evidence) = (batch.wholes("depth")?, batch.texts("evidence")?);
                for row in 0..batch.0.num_rows() {
                    let Some(no) = no.at(row) else { continue };
                    let facts = MaterialFacts {
                        material_code: material.at(row),
                        lot_no: lot.at(row),
                        supplier_code: supplier.at(row),
                        qty: qty.at(row),
                        used_by: used_by.at(row),
                        depth: depth.at(row).unwrap_or_default(),
                        evidence: evidence.at(row),
                    };
                    self.materials.entry(no).or_default().push(facts);
                }
                Ok(())
            })
            .await?;
        loader
            .each("inspection", |batch| {
                let (subject, of_batch) = (batch.texts("subject")?, batch.texts("batch_no")?);
                let (lot, stage) = (batch.texts("lot_no")?, batch.texts("stage")?);
                let (result, inspector) = (batch.texts("result")?, batch.texts("inspector")?);
                let report = batch.texts("report_ref")?;
                let inspected_at = batch.instants("inspected_at")?;
                for row in 0..batch.0.num_rows() {
                    let facts = InspectionFacts {
                        subject: subject.at(row),
                        batch_no: of_batch.at(row),
                        lot_no: lot.at(row),
                        stage: stage.at(row),
                        result: result.at(row),
                        inspector: inspector.at(row),
                        report_ref: report.at(row),
                        inspected_at: inspected_at(row),
                    };
                    let Some(subject) = facts.subject.clone() else { continue };
                    if let Some(no) = facts.batch_no.clone() {
                        let known = self.batch_inspections.entry((subject.clone(), no));
                        known.or_default().push(facts.clone());
                    }
                    if let Some(no) = facts.lot_no.clone() {
                        self.lot_inspections.entry((subject, no)).or_default().push(facts);
                    }
                }
                Ok(())
            })
            .await?;
        loader
            .each("batch", |batch| {
                let (product, no) = (batch.texts("product_code")?, batch.texts("batch_no")?);
                let (items, cases) = (batch.wholes("items")?, batch.wholes("cases")?);
                for row in 0..batch.0.num_rows() {
                    let Some(no) = no.at(row) else { continue };
                    let counts =
                        (items.at(row).unwrap_or_default(), cases.at(row).unwrap_or_default());
                    self.batches.insert((product.at(row), no), counts);
                }
                Ok(())
            })
            .await
    }
}

struct Loader<'a> {
    files: &'a SqlFiles,
    scope: &'a QueryScope,
    rows: usize,
}

impl Loader<'_> {
    /// Runs a lookup and shows its batches.
    async fn each(
        &mut self,
        name: &str,
        mut show: impl FnMut(Batch<'_>) -> Result<()>,
    ) -> Result<()> {
        let path = format!("lookup/{name}.sql");
        let mut rows = self.scope.query(self.files.text(&path)?, Vec::new()).await?;
        while let Some(batch) = rows.try_next().await.with_context(|| format!("reading {path}"))? {
            self.rows += batch.num_rows();
            if self.rows > ROWS_MAX {
                bail!("the documents are more than {ROWS_MAX} rows: too many to keep in memory");
            }
            show(Batch(&batch)).with_context(|| format!("reading {path}"))?;
        }
        Ok(())
    }
}
