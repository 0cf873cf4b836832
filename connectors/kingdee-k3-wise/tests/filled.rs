//! Every stream of the catalogue over the made-up company's account set.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::collections::BTreeMap;
use std::sync::Arc;

use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_company::Company;
use yuanliu_contract::{Connector, ReadRange, Seams, Settings, System, Unlimited};
use yuanliu_kingdee_k3_wise::KINGDEE_K3_WISE;
use yuanliu_sandbox_sql_server::{
    Clock, K3_WISE_DATABASE, SqlServerHandle, SqlServerOptions, SqlServerSandbox, kingdee_k3_wise,
};

async fn start(company: &Company) -> (SqlServerHandle, Arc<dyn System>) {
    let databases = vec![kingdee_k3_wise(company).unwrap()];
    let clock = Clock::manual(default_now());
    let options = SqlServerOptions { databases, clock, ..SqlServerOptions::default() };
    let server = SqlServerSandbox::start(options).await.unwrap();
    let config = format!(
        "host = \"127.0.0.1\"\nport = {}\nuser = {:?}\npassword = \"env:PASSWORD\"\ntrust = \"any\"\n\
         database = {:?}\nextra_columns = {{ sales_order = [\"FHeadSelfS0151 text\"], product = [\"F_101 text\"] }}\n",
        server.port(),
        server.user(),
        K3_WISE_DATABASE,
    );
    let secrets = FixedSecrets::default().with("env:PASSWORD", server.password());
    let table = toml::from_str(&config).unwrap();
    let settings =
        Settings::check("erp", &KINGDEE_K3_WISE.config_spec(), &table, &[], &secrets).unwrap();
    let clock = Arc::new(ManualClock::at(default_now()));
    let seams = Seams { clock, budget: Arc::new(Unlimited) };
    let system = KINGDEE_K3_WISE.open(&settings, seams).unwrap();
    (server, system)
}

/// Rows of every stream; a rejected row ends the test.
async fn rows_of_all(system: &dyn System) -> BTreeMap<String, usize> {
    let mut rows = BTreeMap::new();
    for stream in system.streams() {
        let range = ReadRange::default();
        let mut source = system.read(&stream.name, None, &range).await.unwrap();
        let mut read = 0;
        while let Some(page) = source.next_page().await.unwrap() {
            let rejects = &page.rows.rejects;
            assert!(rejects.is_empty(), "{} rejects {rejects:?}", stream.name);
            read += page.rows.batch.num_rows();
        }
        rows.insert(stream.name, read);
    }
    rows
}

#[tokio::test]
async fn every_stream_reads_every_row() {
    let company = Company::demo(7, 1);
    let (server, system) = start(&company).await;
    let rows = rows_of_all(&*system).await;
    let empty: Vec<_> = rows.iter().filter(|(_, rows)| **rows == 0).collect();
    assert!(empty.is_empty(), "streams without rows: {empty:?}");
    let lines = |deliveries: &[yuanliu_company::Delivery]| -> usize {
        deliveries.iter().map(|delivery| delivery.lines.len()).sum()
    };
    assert_eq!(rows["work_order"], company.runs.len());
    assert_eq!(rows["sales_order"], company.orders.len());
    // A draft and a cancelled bill of the first delivery's goods are there as well.
    assert_eq!(rows["delivery"], company.deliveries.len() + 2);
    let twice = 2 * lines(&company.deliveries[..1]);
    assert_eq!(rows["delivery_line"], lines(&company.deliveries) + twice);
    assert_eq!(rows["product_receipt"], company.receipts.len());
    server.shutdown().await;
}

#[tokio::test]
async fn check_finds_nothing_missing() {
    let (server, system) = start(&Company::demo(7, 1)).await;
    let report = system.check().await.unwrap();
    assert!(report.is_ok(), "{report:#?}");
    server.shutdown().await;
}
