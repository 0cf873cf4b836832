//! Alerts.

use super::*;

pub fn fill(state: &mut State) {
    let alert = |(id, region): (&str, &str)| Alert {
        alert_id: id.to_owned(),
        rule: "diversion-alert".to_owned(),
        severity: Severity::Warning,
        title: "Goods of D1 seen elsewhere".to_owned(),
        title_zh: "D1 窜货".to_owned(),
        body: String::new(),
        body_zh: String::new(),
        subject: "D1/P1/430102/2026-03".to_owned(),
        link: Some("/diversion/D1/P1/430102/2026-03".to_owned()),
        region_code: Some(region.to_owned()),
        status: AlertStatus::Open,
        opened_at: at(1),
        last_seen_at: at(2),
        times: 3,
        acknowledged_by: None,
        acknowledged_at: None,
        resolved_at: None,
        note: None,
    };
    state.alerts = [("alert-1", "430102"), ("alert-2", "110101")].map(alert).to_vec();
}

fn is_seen(who: &Principal, alert: &Alert) -> bool {
    let region = alert.region_code.as_deref().unwrap_or_default();
    who.regions.is_empty() || who.regions.iter().any(|code| region.starts_with(&code[..2]))
}

fn change(
    memory: &Memory,
    who: &Principal,
    id: &str,
    change: impl FnOnce(&mut Alert),
) -> Answer<Alert> {
    let mut state = memory.state();
    let found = state.alerts.iter_mut().find(|alert| alert.alert_id == id && is_seen(who, alert));
    let found = found.ok_or_else(|| missing("alert", id))?;
    change(found);
    Ok(found.clone())
}

#[async_trait]
impl AlertDesk for Memory {
    async fn alerts(
        &self,
        who: &Principal,
        status: Option<AlertStatus>,
        page: &PageAsked,
    ) -> Answer<Page<Alert>> {
        let state = self.state();
        let found = state.alerts.iter().filter(|alert| {
            is_seen(who, alert) && status.is_none_or(|status| status == alert.status)
        });
        page_of(found.cloned().collect(), page)
    }

    async fn acknowledge(&self, who: &Principal, id: &str, note: &str) -> Answer<Alert> {
        change(self, who, id, |alert| {
            alert.status = AlertStatus::Acknowledged;
            alert.acknowledged_by = Some(who.login.clone());
            alert.acknowledged_at = Some(at(9));
            alert.note = Some(note.to_owned());
        })
    }

    async fn resolve(&self, who: &Principal, id: &str, note: &str) -> Answer<Alert> {
        change(self, who, id, |alert| {
            alert.status = AlertStatus::Resolved;
            alert.resolved_at = Some(at(9));
            alert.note = Some(note.to_owned());
        })
    }

    async fn rules(&self, _: &Principal) -> Answer<Vec<AlertRule>> {
        Ok(vec![AlertRule {
            name: "diversion-alert".to_owned(),
            on: "diversion".to_owned(),
            title: "Diversion".to_owned(),
            title_zh: "窜货".to_owned(),
            severity: Severity::Warning,
            channels: vec!["sales-managers".to_owned()],
            enabled: true,
        }])
    }

    async fn deliveries(&self, _: &Principal, page: &PageAsked) -> Answer<Page<Delivery>> {
        page_of(self.state().deliveries.clone(), page)
    }

    async fn test_channel(&self, _: &Principal, channel: &str) -> Answer<Delivery> {
        if channel != "sales-managers" {
            return Err(missing("channel", channel));
        }
        let mut state = self.state();
        let sent = Delivery {
            delivery_id: state.id("delivery"),
            alert_id: None,
            channel: channel.to_owned(),
            channel_kind: "dingtalk".to_owned(),
            status: DeliveryStatus::Delivered,
            attempts: 1,
            created_at: at(9),
            delivered_at: Some(at(9)),
            next_attempt_at: None,
            error: None,
        };
        state.deliveries.insert(0, sent.clone());
        Ok(sent)
    }
}
