//! What can be written on the command line.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;

use crate::exit::UsageError;
use crate::live::Cause;
use crate::output::Format;

/// 源流 Yuanliu: ERP/MES integration hub and traceability pipeline.
///
/// Exit codes: 0 done, 1 found problems, 2 usage or configuration, 3 a system could not be reached.
#[derive(Debug, Parser)]
#[command(name = "yuanliu", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The arguments of a report, as they would stand on the command line.
pub(crate) fn parse_report(line: Vec<OsString>) -> Result<ReportArgs, UsageError> {
    match Arguments::try_parse_from(line).map(|parsed| parsed.command) {
        Ok(Command::Report(args)) => Ok(args),
        Ok(_) => Err(UsageError("this is no report".to_owned())),
        Err(error) => Err(UsageError(error.to_string())),
    }
}

/// Understood by every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// 配置目录 the configuration folder
    #[arg(long, global = true, env = "YUANLIU_CONFIG", default_value = "config")]
    pub(crate) config: PathBuf,
    /// 输出格式 how answers are written
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// 输出文件 write the answer here instead of printing it
    #[arg(long, global = true)]
    pub(crate) output: Option<PathBuf>,
    /// 不显示进度 no progress bars
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// 详细日志 log what is done
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 演示 the whole path over a made-up company, in a folder of its own
    Demo(DemoArgs),
    /// 沙箱 one made-up ERP alone; prints its address and credentials as JSON
    Sandbox(SandboxArgs),
    /// 检查配置 every problem of the configuration at once
    CheckConfig,
    /// 系统 the connected systems
    #[command(subcommand)]
    Systems(SystemsCommand),
    /// 同步 read from the systems into the lake
    Sync(SyncArgs),
    /// 导入扫码 take scan events from JSON Lines and CSV files
    Ingest(IngestArgs),
    /// 服务 take scan events and answer over HTTP
    Serve(ServeArgs),
    /// 追溯索引 the index that answers for one code
    #[command(subcommand)]
    Index(IndexCommand),
    /// 验真 is a code genuine; several with ; between
    Verify(VerifyArgs),
    /// 构建 bring the models up to date
    Build(BuildArgs),
    /// 报表 answer a report
    Report(ReportArgs),
    /// 追溯 everything known about one code
    Trace(TraceArgs),
    /// 召回 what a lot, batch, work order, line or range of codes reached, and where it is
    Recall(RecallArgs),
    /// 窜货案件 the file of one diversion case: exemptions, evidence, what is still out there
    Case(CaseArgs),
    /// 拒收行 rows that could not be typed
    #[command(subcommand)]
    Rejects(RejectsCommand),
    /// 回写 documents on their way to a system: add, approve, send
    #[command(subcommand)]
    Outbox(super::outbox::OutboxCommand),
    /// 运行记录 what ran, with its counts
    Runs(RunsArgs),
    /// 查询 read-only SQL over the lake
    Sql(SqlArgs),
    /// 维护 compact small files and remove files no longer needed
    Maintain,
    /// 备份 everything that is not the lake, in one ZIP file
    Backup(BackupArgs),
    /// 恢复 what a backup holds, into an empty hub
    Restore(RestoreArgs),
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// 文件 the ZIP file; one that is there is replaced once the new one is whole
    pub(crate) archive: PathBuf,
    /// 含密钥 files that the configuration refers to as file:PATH go in too
    #[arg(long)]
    pub(crate) with_secrets: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// 文件 the ZIP file; its configuration is unpacked where there is none
    pub(crate) archive: PathBuf,
    /// 覆盖 accounts, runs, jobs, alerts and decisions that are there are replaced; the configuration stays
    #[arg(long)]
    pub(crate) replace: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// 监听地址 0.0.0.0 for every address of this machine
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) bind: IpAddr,
    /// 端口 0 picks a free one
    #[arg(long, default_value_t = 8620)]
    pub(crate) port: u16,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IndexCommand {
    /// 重建 from the lake alone
    Rebuild,
    /// 核对 compare it with the lake; says how many codes it compared
    Check(IndexCheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct IndexCheckArgs {
    /// 抽查码数 about so many, from all over; all if left out
    #[arg(long)]
    pub(crate) codes: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// 码 as scanned or typed
    #[arg(required = true)]
    pub(crate) codes: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// 演示目录 where the demo's configuration and lake are made
    #[arg(long, default_value = "yuanliu-demo")]
    pub(crate) home: PathBuf,
    /// 随机种子 another seed is another company
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// 规模 1 is about 2,000 items
    #[arg(long, default_value_t = 5)]
    pub(crate) scale: u32,
    /// 服务 then serve the web and the API, with a login per role
    #[arg(long)]
    pub(crate) serve: bool,
    /// 端口 of --serve; 0 picks a free one
    #[arg(long, default_value_t = 8620)]
    pub(crate) port: u16,
}

#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// 种类 which ERP
    #[arg(value_enum)]
    pub(crate) kind: SandboxKind,
    /// 端口 0 picks a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    #[arg(long, default_value_t = 1)]
    pub(crate) scale: u32,
    /// 故障 for instance `session_lost@3,429s:2@5`; each kind has faults of its own
    #[arg(long)]
    pub(crate) faults: Option<String>,
    /// 扫码文件 also write the company's scans and canonical files into this folder
    #[arg(long)]
    pub(crate) scans: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum SandboxKind {
    /// 金蝶云星空 WebAPI
    #[value(alias = "kingdee_galaxy")]
    Kingdee,
    /// 用友 BIP / YonSuite OpenAPI
    YonyouBip,
    /// 用友 U8 OpenAPI
    #[value(name = "yonyou_u8_openapi")]
    YonyouU8Openapi,
    /// 用友 U8 EAI XML，含 NC XChange
    #[value(name = "yonyou_u8_eai")]
    YonyouU8Eai,
    /// SQL Server，含金蝶 K/3 WISE 与用友 U8 账套 with databases of both
    SqlServer,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SystemsCommand {
    /// the configured systems and their streams
    List,
    /// can I log in, which version, what may I read
    Check(OneSystem),
    /// objects and fields, custom fields included
    Discover(DiscoverArgs),
    /// first rows: raw, typed, mapped, rejected
    Preview(PreviewArgs),
    /// 结构变化 fields that are new, vanished or retyped, and the reports they concern
    Drift(DriftArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DriftArgs {
    /// 系统 all enabled ones if left out
    pub(crate) system: Option<String>,
    /// 确认 take the objects as they are now
    #[arg(long)]
    pub(crate) accept: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OneSystem {
    /// 系统 all enabled ones if left out
    pub(crate) system: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DiscoverArgs {
    pub(crate) system: String,
    /// only objects whose name contains this
    #[arg(long)]
    pub(crate) object: Option<String>,
    /// only custom fields
    #[arg(long)]
    pub(crate) custom: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PreviewArgs {
    pub(crate) system: String,
    pub(crate) stream: String,
    #[arg(long, default_value_t = 10)]
    pub(crate) rows: usize,
}

#[derive(Debug, Default, Args)]
pub(crate) struct SyncArgs {
    /// 系统 all enabled ones if left out
    #[arg(long)]
    pub(crate) system: Option<String>,
    /// 对象 all streams if left out
    #[arg(long)]
    pub(crate) stream: Vec<String>,
    /// 全量 read from the beginning; unchanged rows are not landed again
    #[arg(long)]
    pub(crate) full: bool,
    /// 补读起始日 changed on or after, without touching the position
    #[arg(long)]
    pub(crate) from: Option<NaiveDate>,
    /// 补读截止日 changed on or before
    #[arg(long)]
    pub(crate) to: Option<NaiveDate>,
    /// 核对删除 compare keys only and mark rows that vanished; a stream that lacks rows is read in full
    #[arg(long, conflicts_with_all = ["full", "from", "to"])]
    pub(crate) deletes: bool,
    /// with --deletes: mark them even if a large share vanished
    #[arg(long, requires = "deletes")]
    pub(crate) force: bool,
    #[arg(skip)]
    pub(crate) cause: Cause,
}

#[derive(Debug, Args)]
pub(crate) struct IngestArgs {
    /// 文件 .jsonl, .ndjson, .json, .csv, and .gz of these
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct BuildArgs {
    /// 模型 only these and what they read
    #[arg(long)]
    pub(crate) model: Vec<String>,
    #[arg(skip)]
    pub(crate) cause: Cause,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// 报表名 one of those `yuanliu report list` names
    pub(crate) name: String,
    /// 起始业务日 inclusive
    #[arg(long)]
    pub(crate) from: Option<NaiveDate>,
    /// 截止业务日 inclusive
    #[arg(long)]
    pub(crate) to: Option<NaiveDate>,
    /// 时点 events after it are not seen; an instant or a business date (its end)
    #[arg(long)]
    pub(crate) as_of: Option<String>,
    /// 粒度 day, week, month or total
    #[arg(long, value_enum)]
    pub(crate) grain: Option<Grain>,
    /// 区划级别
    #[arg(long, value_enum)]
    pub(crate) level: Option<Level>,
    /// 区划口径 codes of the time or of today, for regional-sales
    #[arg(long, value_enum)]
    pub(crate) regions: Option<Regions>,
    /// 维度 further dimensions, for instance dealer_code,product_code
    #[arg(long, value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// 系统 only rows of this system
    #[arg(long)]
    pub(crate) system: Option<String>,
    /// 过滤 COLUMN=VALUE; any dimension column, also written --dealer-code VALUE
    #[arg(long)]
    pub(crate) filter: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Grain {
    Day,
    Week,
    Month,
    Total,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Province,
    City,
    County,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Regions {
    Then,
    Today,
}

#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    /// 码 as printed, typed or scanned
    pub(crate) code: String,
    /// 时点 events after it are not seen
    #[arg(long)]
    pub(crate) as_of: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CaseArgs {
    /// 经销商
    #[arg(long)]
    pub(crate) dealer_code: String,
    /// 产品 empty for the case of goods whose product is not known
    #[arg(long)]
    pub(crate) product_code: String,
    /// 目的地 region code as `report diversion-cases` gives it
    #[arg(long)]
    pub(crate) destination_region: String,
    /// 月份 for instance 2026-03
    #[arg(long)]
    pub(crate) month: String,
    /// 时点 events after it are not seen
    #[arg(long)]
    pub(crate) as_of: Option<String>,
}

/// One scope: --material M --lot L | --product P --batch B | --work-order W |
/// --line L --from T --to T | --codes-from A --codes-to B
#[derive(Debug, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RecallArgs {
    /// 物料编码 with --lot
    #[arg(long)]
    pub(crate) material: Option<String>,
    /// 物料批次
    #[arg(long)]
    pub(crate) lot: Option<String>,
    /// 产品编码 with --batch
    #[arg(long)]
    pub(crate) product: Option<String>,
    /// 生产批次
    #[arg(long)]
    pub(crate) batch: Option<String>,
    /// 工单 a document number means all its lines
    #[arg(long)]
    pub(crate) work_order: Option<String>,
    /// 产线 with --from and --to
    #[arg(long)]
    pub(crate) line: Option<String>,
    /// 起始时间 an instant or a business date (its beginning)
    #[arg(long)]
    pub(crate) from: Option<String>,
    /// 截止时间 an instant or a business date (its end)
    #[arg(long)]
    pub(crate) to: Option<String>,
    /// 起始码 with --codes-to
    #[arg(long)]
    pub(crate) codes_from: Option<String>,
    /// 截止码 inclusive
    #[arg(long)]
    pub(crate) codes_to: Option<String>,
    /// 时点 events after it are not seen
    #[arg(long)]
    pub(crate) as_of: Option<String>,
    /// 码清单 write every code with its state to this .csv or .xlsx file
    #[arg(long)]
    #[serde(skip)]
    pub(crate) codes: Option<PathBuf>,
    /// Over HTTP: whether to build first what no build has counted.
    #[arg(skip)]
    pub(crate) fresh: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RejectsCommand {
    /// what was rejected and why
    List(RejectListArgs),
    /// type rejected rows again, after the mapping or the source was corrected
    Replay(RejectPick),
    /// close rejected rows for good
    Discard(DiscardArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RejectListArgs {
    #[arg(long)]
    pub(crate) system: Option<String>,
    #[arg(long)]
    pub(crate) stream: Option<String>,
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// open, replayed, discarded or all
    #[arg(long, default_value = "open")]
    pub(crate) status: String,
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
}

#[derive(Debug, Default, Args)]
pub(crate) struct RejectPick {
    /// numbers from `rejects list`; none: all open ones that match
    pub(crate) ids: Vec<i64>,
    #[arg(long)]
    pub(crate) system: Option<String>,
    #[arg(long)]
    pub(crate) stream: Option<String>,
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DiscardArgs {
    #[command(flatten)]
    pub(crate) pick: RejectPick,
    /// 说明 why it is right to drop them
    #[arg(long)]
    pub(crate) note: String,
}

#[derive(Debug, Args)]
pub(crate) struct RunsArgs {
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct SqlArgs {
    /// one statement that reads
    pub(crate) statement: String,
}

/// An instant, or the last microsecond of a business date.
pub(crate) fn parse_instant(text: &str, zone: Tz) -> Result<DateTime<Utc>, UsageError> {
    instant(text, zone, |date| date.and_hms_micro_opt(23, 59, 59, 999_999))
}

/// An instant, or the first of a business date.
pub(crate) fn parse_start(text: &str, zone: Tz) -> Result<DateTime<Utc>, UsageError> {
    instant(text, zone, |date| Some(date.and_time(NaiveTime::MIN)))
}

fn instant(
    text: &str,
    zone: Tz,
    of_date: impl Fn(NaiveDate) -> Option<NaiveDateTime>,
) -> Result<DateTime<Utc>, UsageError> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.with_timezone(&Utc));
    }
    let naive = text.parse::<NaiveDate>().ok().and_then(of_date);
    let naive = naive.or_else(|| text.parse::<NaiveDateTime>().ok());
    naive
        .and_then(|naive| naive.and_local_timezone(zone).latest())
        .map(|instant| instant.with_timezone(&Utc))
        .ok_or_else(|| {
            UsageError(format!(
                "`{text}` is neither an instant (2026-03-01T09:00:00+08:00) nor a date (2026-03-01)"
            ))
        })
}
