//! SQL Server with the databases of Kingdee K/3 WISE and Yonyou U8, both of the same company.

use anyhow::Result;
use serde_json::json;
use yuanliu_company::Company;
use yuanliu_sandbox_sql_server::{
    K3_WISE_DATABASE, SqlServerOptions, SqlServerSandbox, U8_DATABASES, kingdee_k3_wise, yonyou_u8,
};

use super::{Sandbox, faults};
use crate::cli::args::SandboxArgs;

/// How a table of any database is described, for those who have neither product.
const STREAM: &str = r#"
[[stream]]
name = "customer"
table = "dbo.t_Organization"
key = ["FItemID"]
columns = [
    { name = "FItemID", type = "integer" },
    { name = "FNumber", type = "text" },
    { name = "FName", type = "text" },
]
"#;

pub(super) async fn start(args: &SandboxArgs, company: &Company) -> Result<Sandbox> {
    let mut databases = vec![kingdee_k3_wise(company)?];
    databases.extend(yonyou_u8(company)?);
    let options = SqlServerOptions {
        port: args.port,
        databases,
        faults: faults(args)?,
        ..SqlServerOptions::default()
    };
    let handle = SqlServerSandbox::start(options).await?;
    let (host, port, user) = (handle.address().ip().to_string(), handle.port(), handle.user());
    let system = |kind: &str, database: String| {
        format!(
            "# 沙箱 sandbox\nkind = {kind:?}\nhost = {host:?}\nport = {port}\n{database}\n\
             user = {user:?}\npassword = \"file:sql_server_password\"\ntrust = \"ca_file\"\n\
             ca_file = \"sql_server_certificate.pem\"\n"
        )
    };
    let k3 = format!("database = {K3_WISE_DATABASE:?}");
    let description = json!({
        "kind": "sql_server",
        "host": host,
        "port": port,
        "user": user,
        "password": handle.password(),
        "certificate": handle.certificate_pem(),
        "databases": {"kingdee_k3_wise": [K3_WISE_DATABASE], "yonyou_u8": U8_DATABASES},
        "config": {
            "systems/k3.toml": system("kingdee_k3_wise", k3.clone()),
            "systems/u8.toml": system("yonyou_u8", format!("databases = {U8_DATABASES:?}")),
            "systems/any_table.toml": system("sql_server", k3) + STREAM,
            "sql_server_password": handle.password(),
            "sql_server_certificate.pem": handle.certificate_pem(),
        },
    });
    Ok(Sandbox { description, stop: Box::pin(handle.shutdown()) })
}
