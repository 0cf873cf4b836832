//! Whoever asks, in the words of the API and in those of access.

use yuanliu_access as access;
use yuanliu_api::access::{Locale, Principal, Role};

/// In the words of the API.
pub(super) fn known(who: &access::Principal) -> Principal {
    Principal {
        login: who.login.clone(),
        display_name: who.display_name.clone(),
        role: role_of(who.role),
        regions: who.regions.clone(),
        dealer_code: who.dealer_code.clone(),
        locale: locale_of(who.locale),
    }
}

/// In the words of access.
pub(super) fn of_access(who: &Principal) -> access::Principal {
    access::Principal {
        login: who.login.clone(),
        display_name: who.display_name.clone(),
        role: access_role(who.role),
        regions: who.regions.clone(),
        dealer_code: who.dealer_code.clone(),
        locale: access_locale(who.locale),
    }
}

pub(super) fn role_of(role: access::Role) -> Role {
    match role {
        access::Role::Admin => Role::Admin,
        access::Role::Management => Role::Management,
        access::Role::Operations => Role::Operations,
        access::Role::Finance => Role::Finance,
        access::Role::Dealer => Role::Dealer,
        access::Role::Device => Role::Device,
        access::Role::Public => Role::Public,
    }
}

/// Programs of this machine do for access what an admin's do.
pub(super) fn access_role(role: Role) -> access::Role {
    match role {
        Role::Admin | Role::Local => access::Role::Admin,
        Role::Management => access::Role::Management,
        Role::Operations => access::Role::Operations,
        Role::Finance => access::Role::Finance,
        Role::Dealer => access::Role::Dealer,
        Role::Device => access::Role::Device,
        Role::Public => access::Role::Public,
    }
}

pub(super) fn locale_of(locale: access::Locale) -> Locale {
    match locale {
        access::Locale::Chinese => Locale::Chinese,
        access::Locale::English => Locale::English,
    }
}

pub(super) fn access_locale(locale: Locale) -> access::Locale {
    match locale {
        Locale::Chinese => access::Locale::Chinese,
        Locale::English => access::Locale::English,
    }
}
