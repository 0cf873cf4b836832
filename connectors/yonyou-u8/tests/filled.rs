//! Every stream of the catalogue over the made-up company's yearly databases.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::collections::BTreeMap;
use std::sync::Arc;

use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_company::Company;
use yuanliu_contract::{Connector, ReadRange, Seams, Settings, System, Unlimited};
use yuanliu_sandbox_sql_server::{
    Clock, SqlServerHandle, SqlServerOptions, SqlServerSandbox, U8_DATABASES, yonyou_u8,
};
use yuanliu_yonyou_u8::YONYOU_U8;

async fn start(company: &Company) -> (SqlServerHandle, Arc<dyn System>) {
    let databases = yonyou_u8(company).unwrap().to_vec();
    let clock = Clock::manual(default_now());
    let options = SqlServerOptions { databases, clock, ..SqlServerOptions::default() };
    let server = SqlServerSandbox::start(options).await.unwrap();
    let config = format!(
        "host = \"127.0.0.1\"\nport = {}\nuser = {:?}\npassword = \"env:PASSWORD\"\ntrust = \"any\"\n\
         databases = {:?}\nextra_columns = {{ sales_order = [\"cDefine1 text\"], sales_order_line = [\"cDefine22 text\"] }}\n",
        server.port(),
        server.user(),
        U8_DATABASES,
    );
    let secrets = FixedSecrets::default().with("env:PASSWORD", server.password());
    let table = toml::from_str(&config).unwrap();
    let settings = Settings::check("erp", &YONYOU_U8.config_spec(), &table, &[], &secrets).unwrap();
    let clock = Arc::new(ManualClock::at(default_now()));
    let seams = Seams { clock, budget: Arc::new(Unlimited) };
    let system = YONYOU_U8.open(&settings, seams).unwrap();
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
    // Masters are those of the latest database, documents those of both.
    assert_eq!(rows["dealer"], company.dealers.len());
    assert_eq!(rows["product"], company.products.len() + company.materials.len());
    assert_eq!(rows["work_order_line"], company.runs.len());
    assert_eq!(rows["material_issue"], company.moves.len());
    assert_eq!(rows["product_receipt"], company.receipts.len());
    assert_eq!(rows["delivery"], company.deliveries.len() + 1);
    assert!(rows["sales_order"] >= company.orders.len());
    server.shutdown().await;
}

#[tokio::test]
async fn check_finds_nothing_missing() {
    let (server, system) = start(&Company::demo(7, 1)).await;
    let report = system.check().await.unwrap();
    assert!(report.is_ok(), "{report:#?}");
    server.shutdown().await;
}
