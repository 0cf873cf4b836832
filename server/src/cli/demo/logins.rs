//! One login per role for a demo that serves.

use std::io::Write as _;

use anyhow::Result;
use serde_json::json;
use yuanliu_access::{Locale, NewAccount, Role, Secret};
use yuanliu_company::Company;

use crate::cli::args::Common;
use crate::hub::Hub;
use crate::output::Format;
use crate::serve::open_access;

/// Makes the logins and prints them with the password that they share.
pub(super) async fn provide(common: &Common, company: &Company) -> Result<()> {
    let hub = Hub::open_for_writing(common).await?;
    let access = open_access(&hub)?;
    let password = uuid::Uuid::new_v4().simple().to_string();
    let mut told = Vec::new();
    for (login, display_name, role, seen) in logins(company) {
        let new = NewAccount {
            login: login.to_owned(),
            display_name: display_name.to_owned(),
            role,
            regions: match &seen {
                Seen::Region(code) => vec![code.clone()],
                Seen::Everything | Seen::Dealer(_) => Vec::new(),
            },
            dealer_code: match &seen {
                Seen::Dealer(code) => Some(code.clone()),
                Seen::Everything | Seen::Region(_) => None,
            },
            locale: Locale::default(),
        };
        let account = access.provide_account(new, Secret::new(&password)).await?;
        let scope = match seen {
            Seen::Everything => "全部 everything".to_owned(),
            Seen::Region(code) => format!("区域 region {code}"),
            Seen::Dealer(code) => format!("经销商 dealer {code}"),
        };
        told.push((account.login, display_name, scope));
    }
    if common.format == Format::Json {
        let logins: Vec<_> = told.iter().map(|(login, ..)| login).collect();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", json!({"logins": logins, "password": password}))?;
        return Ok(out.flush()?);
    }
    eprintln!("\n登录 logins, all with the password {password}");
    for (login, name, scope) in told {
        eprintln!("  {login:<12} {name} ({scope})");
    }
    eprintln!("  /verify      验真页 the public page needs no login");
    Ok(())
}

/// What of the company's rows an account sees.
enum Seen {
    Everything,
    Region(String),
    Dealer(String),
}

fn logins(company: &Company) -> [(&'static str, &'static str, Role, Seen); 6] {
    let truth = &company.truth;
    let province = format!("{}0000", truth.destination_county.get(..2).unwrap_or_default());
    [
        ("admin", "管理员", Role::Admin, Seen::Everything),
        ("management", "管理层", Role::Management, Seen::Everything),
        ("regional", "大区经理", Role::Management, Seen::Region(province)),
        ("operations", "渠道运营", Role::Operations, Seen::Everything),
        ("finance", "财务", Role::Finance, Seen::Everything),
        ("dealer", "经销商", Role::Dealer, Seen::Dealer(truth.diverting_dealer.clone())),
    ]
}
