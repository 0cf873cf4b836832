//! What an account must be like.

use crate::records::Account;
use crate::role::Role;

/// Longer logins are no names.
const LOGIN_LETTERS_MAX: usize = 64;
/// Enough for any name.
const DISPLAY_NAME_LETTERS_MAX: usize = 100;
/// Digits of a region code (GB/T 2260).
const REGION_DIGITS: usize = 6;
/// Names that stand for no account in the audit log.
const RESERVED: [&str; 2] = ["public", "system"];

/// Why an account cannot be so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// The login is no login.
    #[error(
        "the login {0:?} should be 2 to 64 of a-z, 0-9 and . _ - @, and begin with a letter or digit"
    )]
    Login(String),
    /// The login is somebody's.
    #[error("the login {0:?} is taken")]
    LoginTaken(String),
    /// No name, or too long a name.
    #[error("the display name should have 1 to {DISPLAY_NAME_LETTERS_MAX} letters")]
    DisplayName,
    /// Nobody logs in as this.
    #[error(
        "nobody logs in as {0}; an account is admin, management, operations, finance or dealer"
    )]
    Role(Role),
    /// A dealer that is none.
    #[error("a dealer's account needs the dealer_code of the dealer it sees")]
    DealerWithoutCode,
    /// A code that means nothing.
    #[error("only a dealer's account has a dealer_code")]
    CodeWithoutDealer,
    /// Regions that mean nothing.
    #[error("only management, operations and finance are limited to regions")]
    RegionsOfOthers,
    /// Text that is no region code.
    #[error("{0:?} is no region code of six digits")]
    RegionCode(String),
    /// No such account.
    #[error("there is no account {0:?}")]
    Unknown(String),
    /// Changed by two at once.
    #[error("the account {0:?} was changed meanwhile; look at it again")]
    Stale(String),
    /// Nobody could undo it.
    #[error("{0:?} is the last active admin; make another one first")]
    LastAdmin(String),
    /// The person at the identity provider is somebody else here.
    #[error("this subject of the identity provider is linked with another account")]
    SubjectTaken,
    /// A device's name in a list.
    #[error("a token needs a name of 1 to {DISPLAY_NAME_LETTERS_MAX} letters")]
    TokenName,
    /// It would never open.
    #[error("the token would end before it begins")]
    TokenEnded,
    /// No such token.
    #[error("there is no token {0:?} that is not revoked")]
    UnknownToken(String),
}

impl AccountFault {
    /// What a program goes by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Login(_) => "login_malformed",
            Self::LoginTaken(_) => "login_taken",
            Self::DisplayName => "display_name_malformed",
            Self::Role(_) => "role_without_account",
            Self::DealerWithoutCode => "dealer_code_missing",
            Self::CodeWithoutDealer => "dealer_code_not_allowed",
            Self::RegionsOfOthers => "regions_not_allowed",
            Self::RegionCode(_) => "region_code_malformed",
            Self::Unknown(_) => "account_unknown",
            Self::Stale(_) => "account_changed_meanwhile",
            Self::LastAdmin(_) => "last_admin",
            Self::SubjectTaken => "subject_taken",
            Self::TokenName => "token_name_malformed",
            Self::TokenEnded => "token_ended",
            Self::UnknownToken(_) => "token_unknown",
        }
    }

    /// The text in Chinese.
    #[must_use]
    pub fn chinese(&self) -> String {
        match self {
            Self::Login(login) => {
                format!("账号 {login:?} 应为 2 至 64 位小写字母、数字及 . _ - @,且以字母或数字开头")
            }
            Self::LoginTaken(login) => format!("账号 {login:?} 已存在"),
            Self::DisplayName => format!("姓名应为 1 至 {DISPLAY_NAME_LETTERS_MAX} 个字符"),
            Self::Role(role) => format!("{role} 不能作为账号角色"),
            Self::DealerWithoutCode => "经销商账号必须填写 dealer_code".to_owned(),
            Self::CodeWithoutDealer => "只有经销商账号可以填写 dealer_code".to_owned(),
            Self::RegionsOfOthers => "只有管理、运营、财务账号可以限定区域".to_owned(),
            Self::RegionCode(code) => format!("{code:?} 不是六位区划代码"),
            Self::Unknown(login) => format!("账号 {login:?} 不存在"),
            Self::Stale(login) => format!("账号 {login:?} 已被他人修改,请刷新后重试"),
            Self::LastAdmin(login) => {
                format!("{login:?} 是最后一个可用的管理员,请先设立另一个管理员")
            }
            Self::SubjectTaken => "该统一身份已关联其他账号".to_owned(),
            Self::TokenName => format!("令牌名称应为 1 至 {DISPLAY_NAME_LETTERS_MAX} 个字符"),
            Self::TokenEnded => "令牌的到期时间早于现在".to_owned(),
            Self::UnknownToken(id) => format!("令牌 {id:?} 不存在或已吊销"),
        }
    }
}

/// How a login is written, whoever typed it.
#[must_use]
pub fn written_login(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Whether a new login may be so.
pub(crate) fn check_login(login: &str) -> Result<(), AccountFault> {
    let is_letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let is_well_formed = (2..=LOGIN_LETTERS_MAX).contains(&login.len())
        && login.starts_with(is_letter)
        && login.chars().all(|letter| is_letter(letter) || "._-@".contains(letter))
        && !RESERVED.contains(&login);
    if is_well_formed { Ok(()) } else { Err(AccountFault::Login(login.to_owned())) }
}

/// Whether an account may be so, apart from all others.
pub(crate) fn check_account(account: &Account) -> Result<(), AccountFault> {
    check_name(&account.display_name).ok_or(AccountFault::DisplayName)?;
    if !account.role.has_accounts() {
        return Err(AccountFault::Role(account.role));
    }
    let has_code = account.dealer_code.as_deref().is_some_and(|code| !code.trim().is_empty());
    if account.role == Role::Dealer && !has_code {
        return Err(AccountFault::DealerWithoutCode);
    }
    if account.role != Role::Dealer && account.dealer_code.is_some() {
        return Err(AccountFault::CodeWithoutDealer);
    }
    check_regions(account.role, &account.regions)
}

/// Whether somebody of a role may be limited to these regions.
pub(crate) fn check_regions(role: Role, regions: &[String]) -> Result<(), AccountFault> {
    // An admin reads and changes everything there is; a limit would only look like one.
    if !regions.is_empty() && (!role.is_staff() || role == Role::Admin) {
        return Err(AccountFault::RegionsOfOthers);
    }
    let is_code =
        |code: &str| code.len() == REGION_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
    match regions.iter().find(|code| !is_code(code)) {
        Some(code) => Err(AccountFault::RegionCode(code.clone())),
        None => Ok(()),
    }
}

/// A name that people can read in a list.
pub(crate) fn check_name(name: &str) -> Option<()> {
    let is_readable = (1..=DISPLAY_NAME_LETTERS_MAX).contains(&name.chars().count())
        && !name.chars().any(char::is_control)
        && !name.trim().is_empty();
    is_readable.then_some(())
}
