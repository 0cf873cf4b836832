//! The kinds of signals, with their fields and what is said of them where a rule says nothing else.

/// What kind of thing a signal tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalKind {
    /// A diversion case crossed the limits of `rules.toml`.
    DiversionCase,
    /// A run ended without success.
    SyncFailed,
    /// A run that is due did not begin or end in time.
    SyncLate,
    /// The data of a report are older than its bound.
    Freshness,
    /// Uploads of a node or device fall out of their usual quality.
    UploadAnomaly,
    /// A recall began.
    RecallOpened,
    /// A system does not answer.
    SystemUnreachable,
    /// More rows are rejected than usual.
    RejectsRising,
    /// The disk fills up.
    DiskLow,
    /// An alert could not be delivered and will not be tried again.
    DeliveryGivenUp,
}

/// What is fixed of a kind.
struct KindFacts {
    word: &'static str,
    fields: &'static [&'static str],
    title_zh: &'static str,
    text_zh: &'static str,
    title_en: &'static str,
    text_en: &'static str,
}

impl SignalKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::DiversionCase,
        Self::SyncFailed,
        Self::SyncLate,
        Self::Freshness,
        Self::UploadAnomaly,
        Self::RecallOpened,
        Self::SystemUnreachable,
        Self::RejectsRising,
        Self::DiskLow,
        Self::DeliveryGivenUp,
    ];

    /// The word in files, tables and answers.
    pub fn as_str(self) -> &'static str {
        self.facts().word
    }

    /// The kind a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The fields a signal of this kind brings; a template and a condition may name no others but
    /// those that every alert has.
    pub fn fields(self) -> &'static [&'static str] {
        self.facts().fields
    }

    /// Title and text in Chinese where a rule has none of its own.
    pub fn text_zh(self) -> (&'static str, &'static str) {
        let facts = self.facts();
        (facts.title_zh, facts.text_zh)
    }

    /// Title and text in English where a rule has none of its own.
    pub fn text_en(self) -> (&'static str, &'static str) {
        let facts = self.facts();
        (facts.title_en, facts.text_en)
    }

    fn facts(self) -> KindFacts {
        match self {
            Self::DiversionCase => KindFacts {
                word: "diversion_case",
                fields: &[
                    "product_code",
                    "destination_region",
                    "month",
                    "located",
                    "off_territory",
                    "rate",
                    "rate_lower",
                    "grade",
                ],
                title_zh: "窜货预警：经销商 {dealer_code}",
                text_zh: "产品 {product_code} 于 {month} 流入 {destination_region}：\
                          定位 {located} 件，越区 {off_territory} 件，证据等级 {grade}。",
                title_en: "Diversion alert: dealer {dealer_code}",
                text_en: "Product {product_code} in {destination_region}, {month}: \
                          {off_territory} of {located} located items off territory, grade {grade}.",
            },
            Self::SyncFailed => KindFacts {
                word: "sync_failed",
                fields: &["system", "stream", "run_id", "message"],
                title_zh: "同步失败：{system} {stream}",
                text_zh: "运行 {run_id} 未成功：{message}",
                title_en: "Sync failed: {system} {stream}",
                text_en: "Run {run_id} did not succeed: {message}",
            },
            Self::SyncLate => KindFacts {
                word: "sync_late",
                fields: &["system", "job", "due_at", "last_success_at", "late_min"],
                title_zh: "同步延迟：{system} {job}",
                text_zh: "应于 {due_at} 运行，已晚 {late_min} 分钟；上次成功 {last_success_at}。",
                title_en: "Sync late: {system} {job}",
                text_en: "Due at {due_at}, {late_min} min late; last success {last_success_at}.",
            },
            Self::Freshness => KindFacts {
                word: "freshness",
                fields: &["report", "data_until", "bound_s", "age_s", "why"],
                title_zh: "报表数据过旧：{report}",
                text_zh: "数据截至 {data_until}，已 {age_s} 秒，上限 {bound_s} 秒。{why}",
                title_en: "Report out of date: {report}",
                text_en: "Data until {data_until}, {age_s} s old, bound {bound_s} s. {why}",
            },
            Self::UploadAnomaly => KindFacts {
                word: "upload_anomaly",
                fields: &[
                    "node",
                    "device_id",
                    "day",
                    "timeliness",
                    "accuracy",
                    "completeness",
                    "cause",
                ],
                title_zh: "上传异常：{node} {device_id}",
                text_zh: "{day} 及时率 {timeliness}，准确率 {accuracy}，完整率 {completeness}。{cause}",
                title_en: "Upload anomaly: {node} {device_id}",
                text_en: "{day}: timeliness {timeliness}, accuracy {accuracy}, \
                          completeness {completeness}. {cause}",
            },
            Self::RecallOpened => KindFacts {
                word: "recall_opened",
                fields: &["scope", "product_code", "batch_no", "items", "opened_by"],
                title_zh: "召回启动：{scope}",
                text_zh: "产品 {product_code}，批次 {batch_no}，涉及 {items} 件，由 {opened_by} 启动。",
                title_en: "Recall opened: {scope}",
                text_en: "Product {product_code}, batch {batch_no}, {items} items, \
                          opened by {opened_by}.",
            },
            Self::SystemUnreachable => KindFacts {
                word: "system_unreachable",
                fields: &["system", "since", "message"],
                title_zh: "系统无法连接：{system}",
                text_zh: "自 {since} 起无应答：{message}",
                title_en: "System unreachable: {system}",
                text_en: "No answer since {since}: {message}",
            },
            Self::RejectsRising => KindFacts {
                word: "rejects_rising",
                fields: &["system", "stream", "reason", "rejects", "before"],
                title_zh: "拒收增多：{system} {stream}",
                text_zh: "{reason}：{rejects} 行，此前 {before} 行。",
                title_en: "Rejects rising: {system} {stream}",
                text_en: "{reason}: {rejects} rows, {before} before.",
            },
            Self::DiskLow => KindFacts {
                word: "disk_low",
                fields: &["path", "free_mib", "total_mib", "free_pct"],
                title_zh: "磁盘空间不足：{path}",
                text_zh: "剩余 {free_mib} MiB，占 {free_pct}%。",
                title_en: "Disk low: {path}",
                text_en: "{free_mib} MiB free, {free_pct} %.",
            },
            Self::DeliveryGivenUp => KindFacts {
                word: "delivery_given_up",
                fields: &["channel", "deliveries", "message"],
                title_zh: "预警无法送达：{channel}",
                text_zh: "{deliveries} 条未送达：{message}",
                title_en: "Alerts undeliverable: {channel}",
                text_en: "{deliveries} not delivered: {message}",
            },
        }
    }
}
