//! The same made-up company behind each ERP's protocol, from its sandbox to the core tables, through the real binary.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is missing")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use yuanliu_company::{Company, MoveKind, Status};
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::root;
use yuanliu_tests::sandbox::Sandbox;

const DONE: i32 = 0;
const PROBLEMS: i32 = 1;

/// As the sandbox makes it when nothing else is asked for.
const SEED: u64 = 7;
const SCALE: u32 = 1;

/// One kind of system and what its protocol offers.
struct Erp {
    /// As `yuanliu sandbox` calls it.
    sandbox: &'static str,
    /// The file that the sandbox prints for it.
    system: &'static str,
    /// What goes wrong while it is read, and is not to be noticed.
    faults: &'static str,
    /// A stream to preview.
    preview: &'static str,
    has_work_orders: bool,
    /// A work order's line counts by this number.
    line_step: u32,
    /// Material issues name the line of a production order, and not the document alone.
    names_lines: bool,
    has_suppliers_of_lots: bool,
    has_amounts: bool,
    /// Carriers stand among the suppliers.
    has_carriers: bool,
    /// Cancelled documents are told from drafts.
    has_cancelled: bool,
    /// Findings that are right.
    findings: &'static [&'static str],
}

const ERP: Erp = Erp {
    sandbox: "sql_server",
    system: "systems/k3.toml",
    faults: "deadlock@22,killed@30",
    preview: "dealer",
    has_work_orders: true,
    line_step: 1,
    names_lines: true,
    has_suppliers_of_lots: true,
    has_amounts: true,
    has_carriers: false,
    has_cancelled: true,
    findings: &[],
};

#[test]
fn kingdee_galaxy() {
    check(&Erp {
        sandbox: "kingdee",
        system: "systems/kingdee.toml",
        faults: "session_lost@9,429s:1@14",
        has_carriers: true,
        ..ERP
    });
}

#[test]
fn kingdee_k3_wise() {
    // Where tax-inclusive amounts stand is not published.
    check(&Erp { has_amounts: false, ..ERP });
}

#[test]
fn yonyou_u8_over_two_yearly_databases() {
    check(&Erp {
        system: "systems/u8.toml",
        faults: "deadlock@45,killed@60",
        has_cancelled: false,
        ..ERP
    });
}

#[test]
fn yonyou_bip() {
    check(&Erp {
        sandbox: "yonyou_bip",
        system: "systems/bip.toml",
        faults: "token_lost@13,429s:1@16",
        line_step: 10,
        names_lines: false,
        has_suppliers_of_lots: false,
        // Lists of customers show no address.
        findings: &["audits.dealer_without_region"],
        ..ERP
    });
}

#[test]
fn yonyou_u8_openapi() {
    check(&Erp {
        sandbox: "yonyou_u8_openapi",
        system: "systems/u8_openapi.toml",
        faults: "token_lost,429s:1",
        has_work_orders: false,
        names_lines: false,
        has_suppliers_of_lots: false,
        has_cancelled: false,
        ..ERP
    });
}

#[test]
fn yonyou_u8_eai() {
    check(&Erp {
        sandbox: "yonyou_u8_eai",
        system: "systems/u8_eai.toml",
        faults: "busy,reset",
        has_work_orders: false,
        names_lines: false,
        has_suppliers_of_lots: false,
        has_cancelled: false,
        ..ERP
    });
}

/// The generic kind reads the same tables, described in the system's file.
#[test]
fn any_sql_server_with_a_catalogue_in_configuration() {
    let catalog = root().join("connectors/kingdee-k3-wise/catalog.toml");
    let catalog = std::fs::read_to_string(catalog).expect("a catalogue");
    let world = World::start(&Erp { has_amounts: false, ..ERP });
    let text = world.sandbox.config("systems/k3.toml");
    let kind = "kind = \"sql_server\"\nmapping = \"kingdee_k3_wise\"";
    let text = text.replace("kind = \"kingdee_k3_wise\"", kind);
    assert!(text.contains(kind), "{text}");
    world.run(&format!("{text}\n{catalog}"));
}

fn check(erp: &Erp) {
    let world = World::start(erp);
    world.run(world.sandbox.config(erp.system));
}

struct World<'e> {
    erp: &'e Erp,
    company: Company,
    sandbox: Sandbox,
    hub: TestHub,
}

impl<'e> World<'e> {
    fn start(erp: &'e Erp) -> Self {
        let sandbox = Sandbox::start_kind(erp.sandbox, SCALE, Some(erp.faults));
        let hub = TestHub::new();
        sandbox.write_secrets(&hub);
        sandbox.connect_files(&hub);
        Self { erp, company: Company::demo(SEED, SCALE), sandbox, hub }
    }

    fn ask(&self, arguments: &[&str], code: i32) -> Value {
        self.hub.run(&[arguments, &["--format", "json"]].concat()).expect_code(code).json()
    }

    /// The first column of every row.
    fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.ask(&["sql", sql], DONE);
        let first = |row: &Value| row.as_object().and_then(|row| row.values().next().cloned());
        let rows = rows.as_array().expect("rows").iter().map(|row| first(row).expect("a column"));
        rows.map(|value| value.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// What an administrator does on the first morning.
    fn run(&self, system: &str) {
        self.hub.write("config/systems/erp.toml", system);
        let report = self.ask(&["systems", "check", "erp"], DONE);
        let items = report["erp"]["items"].as_array().expect("items");
        assert!(items.len() > 8, "{report}");
        let objects = self.ask(&["systems", "discover", "erp"], DONE);
        let fields = objects.as_array().expect("objects").iter();
        let fields: usize = fields.map(|o| o["fields"].as_array().map_or(0, Vec::len)).sum();
        assert!(fields > 50, "{objects}");
        let shown = self.ask(&["systems", "preview", "erp", self.erp.preview], DONE);
        for part in ["raw", "typed", "mapped"] {
            assert_eq!(shown[part].as_array().map(Vec::len), Some(10), "{part} of {shown}");
        }

        let runs = self.ask(&["sync"], DONE);
        for run in runs.as_array().expect("runs") {
            assert_eq!((&run["outcome"], &run["rejected"]), (&"green".into(), &0.into()), "{run}");
        }
        self.build();
        self.compare_masters();
        self.compare_documents();

        // What is read again is recognised.
        let again = self.ask(&["sync"], DONE);
        for run in again.as_array().expect("runs") {
            assert_eq!(run["loaded"], 0, "{run}");
        }
    }

    fn build(&self) {
        let code = if self.erp.findings.is_empty() { DONE } else { PROBLEMS };
        let report = self.ask(&["build"], code);
        let audits = report["audits"].as_array().expect("audits").iter();
        let found: Vec<_> = audits.filter(|audit| audit["rows"] != 0).collect();
        let names: Vec<_> = found.iter().filter_map(|audit| audit["name"].as_str()).collect();
        assert_eq!(names, self.erp.findings, "{found:#?}");
    }

    fn compare_masters(&self) {
        let company = &self.company;
        let codes = |table: &str, column: &str| {
            let sql = format!("select {column} from core.{table} where not is_deleted order by 1");
            self.texts(&sql)
        };
        let mut products: Vec<_> = company.products.iter().map(|p| p.code.clone()).collect();
        products.extend(company.materials.iter().map(|m| m.code.clone()));
        products.sort();
        assert_eq!(codes("product", "product_code"), products);
        let dealers: BTreeSet<_> = company.dealers.iter().map(|d| d.code.clone()).collect();
        assert_eq!(codes("dealer", "dealer_code"), Vec::from_iter(dealers));
        let mut suppliers: BTreeSet<_> = company.suppliers.iter().map(|s| s.code.clone()).collect();
        if self.erp.has_carriers {
            suppliers.extend(company.deliveries.iter().map(|d| d.carrier.to_owned()));
        }
        assert_eq!(codes("supplier", "supplier_code"), Vec::from_iter(suppliers));
        let names = self.texts("select name from core.dealer order by dealer_code");
        let expected: BTreeMap<_, _> = company.dealers.iter().map(|d| (&d.code, &d.name)).collect();
        assert_eq!(names, expected.into_values().cloned().collect::<Vec<_>>());
    }

    fn compare_documents(&self) {
        let company = &self.company;
        let name = |run: &yuanliu_company::Run| {
            format!("{}-{}", run.document_no, run.line_no * self.erp.line_step)
        };
        let orders: BTreeSet<_> = match self.erp.has_work_orders {
            true => company.runs.iter().map(name).collect(),
            false => BTreeSet::new(),
        };
        let sql = "select work_order_no from core.work_order order by 1";
        assert_eq!(self.texts(sql), Vec::from_iter(orders));

        let sales = company.orders.iter().map(|order| {
            let status = match order.status {
                Status::Cancelled if !self.erp.has_cancelled => Status::Draft,
                status => status,
            };
            format!("{} {}", order.no, format!("{status:?}").to_lowercase())
        });
        let sql = "select order_no || ' ' || status from core.sales_order order by 1";
        assert_eq!(self.texts(sql), Vec::from_iter(sales.collect::<BTreeSet<_>>()));

        let dealer = |order: usize| &company.dealers[company.orders[order].dealer].code;
        let deliveries = company.deliveries.iter().map(|delivery| {
            let order = &company.orders[delivery.order];
            format!("{} {} {}", delivery.no, order.no, dealer(delivery.order))
        });
        let sql = "select delivery_no || ' ' || order_no || ' ' || dealer_code from core.delivery \
                   where status in ('approved', 'closed') order by 1";
        assert_eq!(self.texts(sql), Vec::from_iter(deliveries.collect::<BTreeSet<_>>()));
        self.compare_quantities();
        self.compare_issues();
    }

    /// Base units and amounts by product.
    fn compare_quantities(&self) {
        let company = &self.company;
        let (mut ordered, mut delivered) = (BTreeMap::new(), BTreeMap::new());
        let mut cents = 0;
        for order in &company.orders {
            for line in &order.lines {
                let product = &company.products[line.product];
                *ordered.entry(&product.code).or_insert(0) +=
                    line.cases * i64::from(product.items_per_case);
                cents += product.case_price.times(line.cases).units;
            }
        }
        for delivery in &company.deliveries {
            for line in &delivery.lines {
                let ordered = &company.orders[delivery.order].lines[line.order_line];
                let product = &company.products[ordered.product];
                *delivered.entry(&product.code).or_insert(0) +=
                    line.cases * i64::from(product.items_per_case);
            }
        }
        let lines = |sums: &BTreeMap<&String, i64>| -> Vec<String> {
            sums.iter().map(|(code, sum)| format!("{code} {sum}")).collect()
        };
        let sum = "product_code || ' ' || cast(cast(sum(base_qty) as bigint) as varchar)";
        let sql = format!(
            "select {sum} from core.sales_order_line group by product_code order by product_code"
        );
        assert_eq!(self.texts(&sql), lines(&ordered));
        let sql = format!(
            "select {sum} from core.delivery_line as l join core.delivery as d \
             on d.system = l.system and d.delivery_no = l.delivery_no \
             where d.status in ('approved', 'closed') group by product_code order by product_code"
        );
        assert_eq!(self.texts(&sql), lines(&delivered));
        let sql =
            "select cast(cast(sum(amount) * 100 as bigint) as varchar) from core.sales_order_line";
        let expected = if self.erp.has_amounts { cents.to_string() } else { String::new() };
        assert_eq!(self.texts(sql), [expected]);
    }

    /// Net issues by work order, material and lot, in thousandths.
    fn compare_issues(&self) {
        let company = &self.company;
        let mut net: BTreeMap<_, i64> = BTreeMap::new();
        for moved in &company.moves {
            let run = &company.runs[moved.run];
            let order = match self.erp.names_lines {
                true => run.work_order_no(),
                false => run.document_no.clone(),
            };
            let sign = if moved.kind == MoveKind::Return { -1 } else { 1 };
            for (lot, quantity) in &moved.lines {
                let lot = &company.lots[*lot];
                let material = &company.materials[lot.material];
                let supplier = match self.erp.has_suppliers_of_lots {
                    true => company.suppliers[material.supplier].code.as_str(),
                    false => "-",
                };
                let key = format!("{order} {} {} {supplier}", material.code, lot.lot_no);
                let scale = 10_i64.pow(3 - quantity.scale);
                *net.entry(key).or_default() += sign * quantity.units * scale;
            }
        }
        let expected: Vec<_> = net.iter().map(|(key, sum)| format!("{key} {sum}")).collect();
        // A document of one line is named with it where that much is known.
        let order = match self.erp.names_lines {
            true => "work_order_no",
            false => "split_part(work_order_no, '-', 1)",
        };
        let sql = format!(
            "select {order} || ' ' || material_code || ' ' || lot_no || ' ' || \
             coalesce(supplier_code, '-') || ' ' || cast(cast(qty * 1000 as bigint) as varchar) \
             from core.material_issue order by 1"
        );
        assert_eq!(self.texts(&sql), expected);
    }
}
