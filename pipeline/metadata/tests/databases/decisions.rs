//! Recorded decisions: only added, in order, and exported as the files that are read.

use std::sync::Arc;

use serde_json::json;
use yuanliu_metadata::{
    CaseName, Cause, ChangedFile, Metadata, NewAddressCorrection, NewCaseDecision,
    NewClaimDecision, NewConfigurationChange, PageRequest,
};

use crate::world::{World, at, on_both};

on_both!(
    the_last_decision_of_a_case_is_the_latest,
    a_decision_that_there_is_not_is_refused,
    decisions_are_only_added,
    decisions_are_exported_as_files,
    a_plan_is_applied_once,
    corrections_are_listed_last_first,
);

fn case() -> CaseName {
    CaseName {
        dealer_code: "D001".into(),
        product_code: String::new(),
        destination_region: "440100".into(),
        month: "2026-01".into(),
    }
}

fn decision(word: &str, note: Option<&str>) -> NewCaseDecision {
    NewCaseDecision {
        case: case(),
        decision: word.into(),
        decided_by: "wu".into(),
        case_hash: Some("abc".into()),
        note: note.map(str::to_owned),
    }
}

fn claim(code: &str, word: &str) -> NewClaimDecision {
    NewClaimDecision {
        event_id: "e1".into(),
        code: code.into(),
        decision: word.into(),
        decided_by: "fin".into(),
        note: None,
    }
}

fn correction(text: &str) -> NewAddressCorrection {
    NewAddressCorrection {
        kind: "exact".into(),
        text: text.into(),
        region_code: "440106".into(),
        corrected_by: "wu".into(),
        note: None,
    }
}

async fn the_last_decision_of_a_case_is_the_latest(world: Arc<World>) {
    let mut deciding = tokio::task::JoinSet::new();
    for n in 0..4 {
        let store = world.open().await;
        // All at the same time, one of them by a clock that is behind.
        deciding.spawn(async move {
            let second = if n == 3 { 1 } else { 5 };
            store.record_case_decision(&decision("confirmed", None), at(second)).await.unwrap()
        });
    }
    let recorded = deciding.join_all().await;
    let store = world.open().await;
    let mut all = store.case_decisions(&case()).await.unwrap();
    assert_eq!(all.len(), 4);
    assert!(all.is_sorted_by(|a, b| a.decided_at < b.decided_at && a.decision_id < b.decision_id));
    assert!(recorded.iter().all(|decision| all.contains(decision)));
    let last = store.record_case_decision(&decision("dismissed", None), at(9)).await.unwrap();
    assert_eq!(last.decided_at, "2026-01-01T00:00:09.000Z");
    all.push(last);
    assert_eq!(store.all_case_decisions().await.unwrap(), all);
    let other = CaseName { dealer_code: "D002".into(), ..case() };
    assert!(store.case_decisions(&other).await.unwrap().is_empty());
    store.record_claim_decision(&claim("", "released"), at(0)).await.unwrap();
    store.record_claim_decision(&claim("C1", "confirmed"), at(0)).await.unwrap();
    let words: Vec<_> =
        store.claim_decisions("e1").await.unwrap().into_iter().map(|d| d.decision).collect();
    assert_eq!(words, ["released", "confirmed"]);
}

async fn a_decision_that_there_is_not_is_refused(world: Arc<World>) {
    let store = world.open().await;
    let error = store.record_case_decision(&decision("forgotten", None), at(0)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Conflict(_)), "{error:?}");
    assert!(store.record_claim_decision(&claim("", "paid"), at(0)).await.is_err());
    assert!(store.all_case_decisions().await.unwrap().is_empty());
}

async fn decisions_are_only_added(world: Arc<World>) {
    fill(&world.open().await).await;
    for table in ["case_decision", "claim_decision", "address_correction", "configuration_change"] {
        let error = world.run(&format!("delete from {table}")).await.unwrap_err();
        assert!(error.to_string().contains("are only added"), "{error}");
    }
    let error = world.run("update case_decision set decision = 'dismissed'").await.unwrap_err();
    assert!(error.to_string().contains("are only added"), "{error}");
}

async fn decisions_are_exported_as_files(world: Arc<World>) {
    let store = world.open().await;
    let folder = world.folder.path().join("decisions");
    let empty = store.export_decisions(&folder).await.unwrap();
    assert!(empty.iter().all(|file| file.is_changed && file.rows == 0));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("claim_decision.csv"), "event_id,code,decided_at,decision,decided_by,note\n");
    let note = Some("越区,\"三件\"\n第二行");
    store.record_case_decision(&decision("confirmed", note), at(0)).await.unwrap();
    store.record_claim_decision(&claim("C1", "released"), at(1)).await.unwrap();
    let written = store.export_decisions(&folder).await.unwrap();
    assert!(written.iter().all(|file| file.is_changed && file.rows == 1));
    assert_eq!(
        read("case_decision.csv"),
        "dealer_code,product_code,destination_region,month,decided_at,decision,decided_by,case_hash,note\n\
         D001,,440100,2026-01,2026-01-01T00:00:00.000Z,confirmed,wu,abc,\"越区,\"\"三件\"\"\n第二行\"\n"
    );
    assert_eq!(
        read("claim_decision.csv"),
        "event_id,code,decided_at,decision,decided_by,note\n\
         e1,C1,2026-01-01T00:00:01.000Z,released,fin,\n"
    );
    let again = store.export_decisions(&folder).await.unwrap();
    assert!(again.iter().all(|file| !file.is_changed), "nothing is read again for it");
    store.record_address_correction(&correction("天河路1号"), at(2)).await.unwrap();
    let path = folder.join("corrections.csv");
    assert_eq!(store.export_address_corrections(&path).await.unwrap().rows, 1);
    assert_eq!(
        read("corrections.csv"),
        "kind,text,region_code,corrected_by,corrected_at,note\n\
         exact,天河路1号,440106,wu,2026-01-01T00:00:02.000Z,\n"
    );
}

fn change(plan_id: &str) -> NewConfigurationChange {
    let file =
        ChangedFile { path: "systems/erp.toml".into(), before: None, after: Some("0a".repeat(32)) };
    NewConfigurationChange {
        plan_id: plan_id.into(),
        changed_by: "wu".into(),
        files: vec![file],
        plan: json!({"effects": [{"kind": "reread", "object": "erp"}]}),
    }
}

async fn a_plan_is_applied_once(world: Arc<World>) {
    let store = world.open().await;
    store.note_configuration_change(&change("p1"), at(0)).await.unwrap();
    let error = store.note_configuration_change(&change("p1"), at(1)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Conflict(_)), "{error:?}");
    store.note_configuration_change(&change("p2"), at(2)).await.unwrap();
    let page = store.configuration_changes(&PageRequest::first(1)).await.unwrap();
    let kept = &page.items[0];
    let NewConfigurationChange { plan_id, changed_by, files, plan } = change("p2");
    assert_eq!((&kept.plan_id, &kept.changed_by), (&plan_id, &changed_by));
    assert_eq!((&kept.files, &kept.plan, kept.changed_at), (&files, &plan, at(2)));
    let next = PageRequest::after(page.next_cursor, 1);
    let page = store.configuration_changes(&next).await.unwrap();
    assert_eq!((page.items[0].plan_id.as_str(), page.next_cursor), ("p1", None));
}

async fn corrections_are_listed_last_first(world: Arc<World>) {
    let store = world.open().await;
    for text in ["a", "b", "b"] {
        store.record_address_correction(&correction(text), at(0)).await.unwrap();
    }
    let page = store.address_corrections(&PageRequest::first(2)).await.unwrap();
    let told: Vec<_> =
        page.items.iter().map(|c| (c.text.as_str(), c.corrected_at.as_str())).collect();
    assert_eq!(told, [("b", "2026-01-01T00:00:00.001Z"), ("b", "2026-01-01T00:00:00.000Z")]);
    let next = PageRequest::after(page.next_cursor, 2);
    assert_eq!(store.address_corrections(&next).await.unwrap().items[0].text, "a");
}

/// Something in every table of this file.
pub(crate) async fn fill(store: &Metadata) {
    store.record_case_decision(&decision("confirmed", Some("越区")), at(0)).await.unwrap();
    store.record_claim_decision(&claim("C1", "released"), at(1)).await.unwrap();
    store.record_address_correction(&correction("天河路1号"), at(2)).await.unwrap();
    store.note_configuration_change(&change("p1"), at(3)).await.unwrap();
}
