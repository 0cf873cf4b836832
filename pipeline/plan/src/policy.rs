//! What a key brings about when it changes: one table, the first line that fits counts.

use crate::diff::ChangeKind;
pub use crate::file::FileKind;

/// What is done because of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The system must be read in full.
    RereadSystem,
    /// The stream that the second part of the key names must be read in full.
    RereadStream,
    /// The window that is read again at each sync grows.
    RereadWindow,
    /// Models that read these tables are rebuilt, and those that read them.
    Rebuild(&'static [&'static str]),
    /// Models over the system's mapping are rebuilt.
    RebuildMapping,
    /// Every model is rebuilt.
    RebuildAll,
    /// The index that answers for one code is rebuilt.
    RebuildIndex,
    /// The serving process must be started again.
    Restart,
    /// Nothing but that it holds from then on.
    Nothing,
}

/// When a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At any change.
    Any,
    /// When the key is new.
    Added,
    /// When it is gone.
    Removed,
    /// When its number is greater than before, or than its default.
    Grown,
    /// When it becomes `true`, or is left out where that means so.
    SwitchedOn,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The file.
    pub file: FileKind,
    /// The key; `*` stands for any part.
    pub key: &'static str,
    /// When it holds.
    pub when: When,
    /// What is done.
    pub acts: &'static [Act],
    /// Why, English.
    pub why: &'static str,
    /// Why, Chinese.
    pub why_zh: &'static str,
}

const fn line(
    file: FileKind,
    key: &'static str,
    when: When,
    acts: &'static [Act],
    why: &'static str,
    why_zh: &'static str,
) -> Line {
    Line { file, key, when, acts, why, why_zh }
}

/// A hash of the whole of `rules.toml` is stamped into results, so each of its changes rebuilds these too.
const VERSION: &str = "rules.version";

/// Names, kinds and organisations of all systems.
const SYSTEMS: &[&str] = &["reference.system"];

use Act::{
    Nothing, Rebuild, RebuildAll, RebuildIndex, RebuildMapping, RereadStream, RereadSystem,
    RereadWindow, Restart,
};
use FileKind::{Alerts, Gates, Hub, Jobs, Rules, System};
use When::{Added, Any, Grown, Removed, SwitchedOn};

/// The table.
#[rustfmt::skip]
pub const POLICY: &[Line] = &[
    // hub.toml is read when the process starts.
    line(Hub, "hub.data", Any, &[Restart], "another data folder: the hub starts with what lies there", "数据目录改变：以新目录中的内容启动"),
    line(Hub, "hub.time_zone", Any, &[RebuildAll, Restart], "business dates of every table are of this zone", "所有表的业务日期都按此时区"),
    line(Hub, "regions.*", Any, &[RebuildAll, RebuildIndex, Restart], "places of every table are resolved by it", "所有表的地点都按此解析"),
    line(Hub, "warehouse.sql", Any, &[RebuildAll, Restart], "models whose text differs are rebuilt; which ones is known when the folder is read", "内容不同的模型将重建；读取目录后才能确定"),
    line(Hub, "scans.device_time_zone", Any, &[Restart], "scans that come from then on; those already read keep their times", "只影响之后到达的扫码；已读入的时间不变"),
    line(Hub, "*.*", Any, &[Restart], "read when the hub starts", "启动时读取"),
    // rules.toml
    line(Rules, "codes.patterns", Any, &[RebuildAll, RebuildIndex, Restart], "codes are told from other text by it, in every table", "所有表都按此从文本中提取码"),
    line(Rules, "codes.placeholders", Any, &[Rebuild(&["rules.placeholder", VERSION]), RebuildIndex, Restart], "codes that join nothing", "占位码不参与关联"),
    line(Rules, "codes.test_codes", Any, &[Rebuild(&["rules.test_code", VERSION])], "sightings of test codes are exempt", "测试码的出现不计"),
    line(Rules, "sighting.*", Any, &[Rebuild(&["rules.sighting", VERSION])], "which fixes locate a sighting", "决定哪些定位有效"),
    line(Rules, "diversion.national_channels", Any, &[Rebuild(&["rules.national_channel", VERSION])], "channels whose territory is the whole country", "全国渠道不判窜货"),
    line(Rules, "diversion.buffer_regions.*", Any, &[Rebuild(&["rules.buffer_region", VERSION])], "neighbouring regions in which a dealer is not accused", "缓冲区县内不判窜货"),
    line(Rules, "diversion.buffer_regions", Any, &[Rebuild(&["rules.buffer_region", VERSION])], "neighbouring regions in which a dealer is not accused", "缓冲区县内不判窜货"),
    line(Rules, "diversion.visitor_regions.*", Any, &[Rebuild(&["rules.visitor_region", VERSION])], "where consumers are visitors no dealer is accused", "旅游地区的消费者扫码不判窜货"),
    line(Rules, "diversion.visitor_regions", Any, &[Rebuild(&["rules.visitor_region", VERSION])], "where consumers are visitors no dealer is accused", "旅游地区的消费者扫码不判窜货"),
    line(Rules, "diversion.staff_devices", Any, &[Rebuild(&["rules.staff_device", VERSION])], "devices of our own people are exempt", "员工设备的扫码不计"),
    line(Rules, "diversion.*", Any, &[Rebuild(&["rules.diversion", VERSION])], "which cases raise an alert", "决定哪些案件报警"),
    line(Rules, "promoter.*", Any, &[Rebuild(&["rules.promoter", VERSION])], "verdicts of claims, also of past months", "影响促销核销判定，包括以往月份"),
    line(Rules, "recall.*", Any, &[Rebuild(&["rules.recall", VERSION]), Restart], "after how many days goods count as dealer stock", "发货多少天后计为经销商库存"),
    line(Rules, "verify.*", Any, &[Rebuild(&[VERSION]), Restart], "answers to checks; tables change in their rule_version only", "影响验真应答；表中只有 rule_version 改变"),
    line(Rules, "quality.*", Any, &[Rebuild(&["rules.upload_sla", VERSION])], "which uploads are on time", "决定哪些上传算及时"),
    line(Rules, "quality.*.*", Any, &[Rebuild(&["rules.upload_sla", VERSION])], "which uploads are on time", "决定哪些上传算及时"),
    line(Rules, "*.*", Any, &[Rebuild(&[VERSION])], "stamped into results as rule_version", "写入结果的 rule_version"),
    // gates.toml
    line(Gates, "*", Any, &[Restart], "decides the checks from then on, stamped into them as gate_version", "用于此后的放行检查，并记为 gate_version"),
    // systems/*.toml: what tells one source from another
    line(System, "kind", Added, &[RereadSystem, RebuildMapping, Rebuild(SYSTEMS)], "a new system is read from its beginning", "新系统从头读取"),
    line(System, "kind", Removed, &[RebuildMapping, Rebuild(SYSTEMS)], "no longer read, and its rows no longer count; they stay in the lake", "不再读取，其数据不再计入报表；仍保留在湖中"),
    line(System, "kind", Any, &[RereadSystem, RebuildMapping, Rebuild(SYSTEMS)], "another protocol: its rows are others", "系统类型改变：数据不同"),
    line(System, "base_url", Any, &[RereadSystem], "another address may be another system: positions there mean nothing here", "地址改变可能是另一系统：原读取位置不再适用"),
    line(System, "discovery_url", Any, &[RereadSystem], "another address may be another system: positions there mean nothing here", "地址改变可能是另一系统：原读取位置不再适用"),
    line(System, "host", Any, &[RereadSystem], "another server may hold other rows: positions there mean nothing here", "服务器改变可能数据不同：原读取位置不再适用"),
    line(System, "port", Any, &[RereadSystem], "another server may hold other rows: positions there mean nothing here", "服务器改变可能数据不同：原读取位置不再适用"),
    line(System, "instance", Any, &[RereadSystem], "another instance may hold other rows: positions there mean nothing here", "实例改变可能数据不同：原读取位置不再适用"),
    line(System, "database", Any, &[RereadSystem], "another database holds other rows", "数据库改变：数据不同"),
    line(System, "databases", Any, &[RereadSystem], "another database holds other rows", "数据库改变：数据不同"),
    line(System, "file", Any, &[RereadSystem], "another file holds other rows", "文件改变：数据不同"),
    line(System, "folder", Any, &[RereadSystem], "another folder holds other files", "目录改变：文件不同"),
    line(System, "acct_id", Any, &[RereadSystem], "another account set holds other rows", "账套改变：数据不同"),
    line(System, "tenant_id", Any, &[RereadSystem], "another tenant holds other rows", "租户改变：数据不同"),
    line(System, "from_account", Any, &[RereadSystem], "another account holds other rows", "账号改变：数据不同"),
    line(System, "to_account", Any, &[RereadSystem], "another account holds other rows", "账号改变：数据不同"),
    line(System, "org_number", Any, &[RereadSystem], "the login of another organisation may see other rows", "登录组织改变：可见数据可能不同"),
    line(System, "ds_sequence", Any, &[RereadSystem], "another data source holds other rows", "数据源改变：数据不同"),
    // how its values are read
    line(System, "time_zone", Any, &[RereadSystem], "times without an offset are read in it; those landed were read in another", "无时区的时间按此解释；已落地的按旧时区"),
    line(System, "encoding", Any, &[RereadSystem], "texts are read in it; those landed were read in another", "文本按此编码解释；已落地的按旧编码"),
    line(System, "zero_dates", Any, &[RereadSystem], "dates of zeros are read otherwise", "零日期的解释改变"),
    line(System, "lcid", Any, &[RereadSystem], "names come in another language", "名称语言改变"),
    line(System, "extra_fields.*", Any, &[RereadStream], "rows landed before lack these fields or have fields too many", "已落地的行缺少或多出这些字段"),
    line(System, "extra_columns.*", Any, &[RereadStream], "rows landed before lack these columns or have columns too many", "已落地的行缺少或多出这些列"),
    // which streams there are
    line(System, "stream.*.name", Added, &[RereadStream, RebuildMapping], "a new stream is read from its beginning", "新的流从头读取"),
    line(System, "stream.*.name", Removed, &[RebuildMapping], "no longer read, and its rows no longer count; they stay in the lake", "不再读取，其数据不再计入报表；仍保留在湖中"),
    line(System, "stream.*.key", Any, &[RereadStream], "rows are told apart by it", "按此区分各行"),
    line(System, "stream.*.*", Any, &[RereadStream], "what is read, or in which order: its position means nothing any more", "读取内容或顺序改变：原读取位置不再适用"),
    line(System, "stream.*.*.*", Any, &[RereadStream], "what is read, or in which order: its position means nothing any more", "读取内容或顺序改变：原读取位置不再适用"),
    line(System, "stream", Any, &[RereadSystem], "what is read, or in which order: its position means nothing any more", "读取内容或顺序改变：原读取位置不再适用"),
    line(System, "sync.streams", Any, &[Nothing], "streams that join go on from their position, or begin; those that leave keep what they landed", "加入的流从其位置继续或开始；移出的流保留已落地数据"),
    line(System, "sync.look_back_s", Grown, &[RereadWindow], "each sync begins so much earlier; rows that are the same are not landed again", "每次同步提前读取；相同的行不重复落地"),
    line(System, "sync.*", Any, &[Nothing], "holds from the next sync on", "下次同步起生效"),
    line(System, "enabled", SwitchedOn, &[RereadWindow], "read again from its position on, or from the beginning if it has none", "从原位置继续读取；没有位置则从头读取"),
    line(System, "enabled", Any, &[Nothing], "no longer read; what it landed still counts", "不再读取；已落地数据仍计入报表"),
    // how its rows are understood
    line(System, "mapping", Any, &[RebuildMapping], "other models read its streams", "由其他模型读取其数据"),
    line(System, "organisation", Any, &[Rebuild(SYSTEMS)], "masters of this organisation keep their bare number", "该组织的主数据保留原编号"),
    line(System, "write.*", Any, &[Nothing], "documents sent from then on", "用于此后回写的单据"),
    line(System, "write.*.*", Any, &[Nothing], "documents sent from then on", "用于此后回写的单据"),
    line(System, "write.*.*.*", Any, &[Nothing], "documents sent from then on", "用于此后回写的单据"),
    line(System, "write.*.*.*.*", Any, &[Nothing], "documents sent from then on", "用于此后回写的单据"),
    line(System, "*", Any, &[Nothing], "how it is called and how fast; holds from the next sync on", "登录与读取方式；下次同步起生效"),
    line(System, "*.*", Any, &[Nothing], "holds from the next sync on", "下次同步起生效"),
    // jobs.toml and alerts.toml
    line(Jobs, "*", Any, &[Nothing], "holds at once; what runs goes on as it began", "立即生效；正在运行的任务不受影响"),
    line(Alerts, "*", Any, &[Nothing], "holds at once for what happens from then on", "立即生效，用于此后的事件"),
];

/// The line for a change; none if the table has no line for such a key.
pub fn of(file: FileKind, key: &str, kind: ChangeKind, moved: Moved) -> Option<&'static Line> {
    POLICY.iter().find(|line| {
        let is_time = match line.when {
            When::Any => true,
            When::Added => kind == ChangeKind::Added,
            When::Removed => kind == ChangeKind::Removed,
            When::Grown => moved == Moved::Up,
            When::SwitchedOn => moved == Moved::On,
        };
        line.file == file && is_time && fits(line.key, key)
    })
}

/// Which way a value moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// To a greater number.
    Up,
    /// From off to on.
    On,
    /// Any other way.
    Otherwise,
}

/// A pattern fits a key part by part; a `*` at its end stands for all that follows where it is alone.
fn fits(pattern: &str, key: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let (mut wanted, mut given) = (pattern.split('.'), key.split('.'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}
