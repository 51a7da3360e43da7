//! The table of jobs.

pub mod job {
    use db::Instant;
    use db::sea_orm;
    use db::sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "jobs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub unique_key: String,
        pub payload: String,
        pub state: String,
        pub run_at: Instant,
        pub attempts: i32,
        pub last_error: Option<String>,
        pub created_at: Instant,
        pub finished_at: Option<Instant>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
