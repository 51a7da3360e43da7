//! The list of features: the only place that knows them all.

use db::Migration;
use i18n::Texts;
use kit::Feature;

/// Every feature, those that others use first.
pub const ALL: &[Feature] = &[
    companies::FEATURE,
    people::FEATURE,
    sso::FEATURE,
    signin::FEATURE,
    accounts::FEATURE,
    catalog::FEATURE,
    tickets::FEATURE,
    answers::FEATURE,
    audit::FEATURE,
    crate::tools::FEATURE,
];

/// The whole schema, in order.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let base = [
        event_log::MIGRATIONS,
        jobs::MIGRATIONS,
        tally::MIGRATIONS,
        vault::MIGRATIONS,
    ];
    let features = ALL.iter().map(|feature| feature.migrations);
    base.into_iter()
        .chain(features)
        .flatten()
        .cloned()
        .collect()
}

/// Every text of the product.
#[must_use]
pub fn texts() -> Vec<Texts> {
    let own = Texts {
        feature: "front door",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    };
    [ui::TEXTS, own]
        .into_iter()
        .chain(ALL.iter().map(|feature| feature.texts))
        .collect()
}
