//! Systems, their configuration, rejects and drift.

use super::*;

pub fn fill(state: &mut State) {
    let reject = |number: i64| Reject {
        reject_id: number,
        system: "erp-main".to_owned(),
        stream: "sales_order".to_owned(),
        reason: "bad_decimal".to_owned(),
        message: "`qty` is `1,5`; give a number".to_owned(),
        payload: "{\"qty\":\"1,5\"}".to_owned(),
        position: number.to_string(),
        seen_at: at(2),
        status: RejectStatus::Open,
        closed_at: None,
        note: None,
    };
    state.rejects = (1..=120).rev().map(reject).collect();
    state.drift = vec![DriftLine {
        system: "erp-main".to_owned(),
        stream: "sales_order".to_owned(),
        change: DriftKind::Retyped,
        field: "F_Region".to_owned(),
        from: Some("text".to_owned()),
        to: Some("integer".to_owned()),
        seen_at: at(3),
        policy: DriftPolicy::Quarantine,
        reports: vec!["regional-sales".to_owned()],
    }];
    let text = "kind = \"kingdee-galaxy\"\npassword = \"env:ERP_PASSWORD\"\n";
    state.files.insert("systems/erp-main.toml".to_owned(), text.to_owned());
}

fn expect_system(name: &str) -> Answer<()> {
    if name == "erp-main" { Ok(()) } else { Err(missing("system", name)) }
}

#[async_trait]
impl Systems for Memory {
    async fn systems(&self, _: &Principal) -> Answer<Vec<SystemLine>> {
        Ok(vec![SystemLine {
            name: "erp-main".to_owned(),
            kind: "kingdee-galaxy".to_owned(),
            enabled: true,
            title: "金蝶云星空".to_owned(),
            last_run: Some(at(3)),
            next_run: Some(at(15)),
            status: SystemStatus::Green,
        }])
    }

    async fn kinds(&self, _: &Principal) -> Answer<Vec<SystemKind>> {
        let field = SystemField {
            name: "look_back_s".to_owned(),
            data_type: "integer".to_owned(),
            title: "Look-back".to_owned(),
            title_zh: "回看".to_owned(),
            description: "How far a run starts again".to_owned(),
            description_zh: "重读时长".to_owned(),
            required: false,
            secret: false,
            default: Some(json!(600)),
            choices: Vec::new(),
            min: Some(0.0),
            max: Some(86_400.0),
        };
        let fixed = SystemField {
            name: "defaults".to_owned(),
            data_type: "table".to_owned(),
            title: "Fixed fields".to_owned(),
            title_zh: "固定字段".to_owned(),
            default: None,
            min: None,
            max: None,
            ..field.clone()
        };
        let writer =
            SystemWriter { documents: vec!["delivery_result".to_owned()], fields: vec![fixed] };
        Ok(vec![SystemKind {
            kind: "kingdee-galaxy".to_owned(),
            title: "Kingdee Cloud Galaxy".to_owned(),
            title_zh: "金蝶云星空".to_owned(),
            fields: vec![field],
            writer: Some(writer),
        }])
    }

    async fn check(&self, _: &Principal, system: &str) -> Answer<SystemCheck> {
        expect_system(system)?;
        let login = CheckItem {
            what: "login".to_owned(),
            is_ok: true,
            detail: "logged in".to_owned(),
            hint: None,
        };
        Ok(SystemCheck { is_ok: true, items: vec![login] })
    }

    async fn streams(&self, _: &Principal, system: &str) -> Answer<Vec<SystemStream>> {
        self.reach().await;
        expect_system(system)?;
        let field = StreamField {
            name: "FBillNo".to_owned(),
            title: "单据编号".to_owned(),
            data_type: "text".to_owned(),
            is_custom: false,
            is_key: true,
            is_read: true,
        };
        Ok(vec![SystemStream {
            stream: "sales_order".to_owned(),
            title: "销售订单".to_owned(),
            fields: vec![field],
            is_selected: true,
        }])
    }

    async fn preview(
        &self,
        _: &Principal,
        system: &str,
        stream: &str,
        rows: u32,
    ) -> Answer<Preview> {
        expect_system(system)?;
        if stream != "sales_order" {
            return Err(missing("stream", stream));
        }
        let raw = |n: u32| row(json!({"FBillNo": format!("SO-{n}"), "FQty": "1.5"}));
        Ok(Preview {
            raw: (0..rows).map(raw).collect(),
            mapped: (0..rows).map(|n| row(json!({"order_no": format!("SO-{n}")}))).collect(),
            rejected: vec![RejectedRow {
                reason: "bad_decimal".to_owned(),
                message: "`FQty` is `x`; give a number".to_owned(),
                row: row(json!({"FBillNo": "SO-X", "FQty": "x"})),
            }],
        })
    }
}

#[async_trait]
impl ConfigurationDesk for Memory {
    async fn files(&self, _: &Principal) -> Answer<Configuration> {
        let state = self.state();
        let file = |(path, text): (&String, &String)| ConfigurationFile {
            path: path.clone(),
            text: text.clone(),
            hash: format!("{:08x}", text.len()),
        };
        Ok(Configuration { files: state.files.iter().map(file).collect() })
    }

    async fn plan(&self, _: &Principal, draft: &PlanDraft) -> Answer<Plan> {
        let mut state = self.state();
        let change = |file: &FileDraft| KeyChange {
            path: file.path.clone(),
            kind: match (state.files.contains_key(&file.path), &file.text) {
                (_, None) => ChangeKind::Removed,
                (true, _) => ChangeKind::Changed,
                (false, _) => ChangeKind::Added,
            },
            key: String::new(),
            from: state.files.get(&file.path).cloned(),
            to: file.text.clone(),
        };
        let changes = draft.files.iter().map(change).collect();
        let plan_id = state.id("plan");
        state.plans.insert(plan_id.clone(), draft.clone());
        Ok(Plan { plan_id, changes, effects: Vec::new(), problems: Vec::new() })
    }

    async fn apply(&self, who: &Principal, plan_id: &str) -> Answer<ConfigurationChange> {
        let mut state = self.state();
        let plan = state.plans.remove(plan_id).ok_or_else(|| missing("plan", plan_id))?;
        for file in plan.files {
            match file.text {
                Some(text) => state.files.insert(file.path, text),
                None => state.files.remove(&file.path),
            };
        }
        let change = ConfigurationChange {
            plan_id: plan_id.to_owned(),
            applied_by: who.login.clone(),
            applied_at: at(20),
            changes: Vec::new(),
            effects: Vec::new(),
        };
        state.changes.insert(0, change.clone());
        Ok(change)
    }

    async fn history(&self, _: &Principal, page: &PageAsked) -> Answer<Page<ConfigurationChange>> {
        page_of(self.state().changes.clone(), page)
    }
}

fn fits(reject: &Reject, filter: &RejectFilter) -> bool {
    filter.status.is_none_or(|status| status == reject.status)
        && filter.system.as_ref().is_none_or(|system| *system == reject.system)
        && filter.stream.as_ref().is_none_or(|stream| *stream == reject.stream)
        && filter.reason.as_ref().is_none_or(|reason| *reason == reject.reason)
}

fn close(reject: &mut Reject, status: RejectStatus, note: Option<&str>) {
    reject.status = status;
    reject.closed_at = Some(at(30));
    reject.note = note.map(str::to_owned);
}

#[async_trait]
impl RejectDesk for Memory {
    async fn rejects(
        &self,
        _: &Principal,
        filter: &RejectFilter,
        page: &PageAsked,
    ) -> Answer<Page<Reject>> {
        let state = self.state();
        let found = state.rejects.iter().filter(|reject| fits(reject, filter));
        page_of(found.cloned().collect(), page)
    }

    async fn counts(&self, _: &Principal) -> Answer<Vec<RejectCount>> {
        Ok(vec![RejectCount {
            system: "erp-main".to_owned(),
            stream: "sales_order".to_owned(),
            reason: "bad_decimal".to_owned(),
            status: RejectStatus::Open,
            rejects: 120,
            first_seen_at: at(1),
            last_seen_at: at(2),
        }])
    }

    async fn replay(&self, _: &Principal, reject_id: i64) -> Answer<ReplayOutcome> {
        let mut state = self.state();
        let found = state.rejects.iter_mut().find(|reject| reject.reject_id == reject_id);
        let found = found.ok_or_else(|| missing("reject", &reject_id.to_string()))?;
        if found.status != RejectStatus::Open {
            return Err(PortError::Conflict(format!("the reject {reject_id} is closed")));
        }
        close(found, RejectStatus::Replayed, None);
        Ok(ReplayOutcome { replayed: 1, loaded: 1, rejected: 0 })
    }

    async fn replay_all(&self, _: &Principal, filter: &RejectFilter) -> Answer<ReplayOutcome> {
        let mut state = self.state();
        let mut replayed = 0;
        for reject in &mut state.rejects {
            if reject.status == RejectStatus::Open && fits(reject, filter) {
                close(reject, RejectStatus::Replayed, None);
                replayed += 1;
            }
        }
        Ok(ReplayOutcome { replayed, loaded: replayed, rejected: 0 })
    }

    async fn discard(&self, _: &Principal, reject_id: i64, note: &str) -> Answer<Reject> {
        let mut state = self.state();
        let found = state.rejects.iter_mut().find(|reject| reject.reject_id == reject_id);
        let found = found.ok_or_else(|| missing("reject", &reject_id.to_string()))?;
        close(found, RejectStatus::Discarded, Some(note));
        Ok(found.clone())
    }
}

#[async_trait]
impl DriftDesk for Memory {
    async fn drift(&self, _: &Principal) -> Answer<Vec<DriftLine>> {
        Ok(self.state().drift.clone())
    }

    async fn accept(&self, _: &Principal, system: &str, stream: &str) -> Answer<Vec<DriftLine>> {
        expect_system(system)?;
        if stream != "sales_order" {
            return Err(missing("stream", stream));
        }
        Ok(std::mem::take(&mut self.state().drift))
    }
}
