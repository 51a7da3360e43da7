use std::convert::Infallible;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::{App, Context, Error, Role};

/// Something that some roles may do. Each is defined once, as a constant of its
/// feature; `/admin/roles` shows all of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Permission {
    /// Stable name, such as `ticket.close`.
    pub name: &'static str,
    /// Who has it.
    pub roles: &'static [Role],
}

impl Permission {
    /// Its name as the end of a locale key: `permission-ticket-close`.
    #[must_use]
    pub fn key(&self) -> String {
        self.name.replace(['.', '_'], "-")
    }

    /// Whether a role made here may have it: the staff below administrators has it, too.
    /// What administrators alone may do leads to everything else, to more power for
    /// oneself above all, so nobody has it by another name.
    #[must_use]
    pub fn is_given(&self) -> bool {
        let below = [Role::Tech, Role::Supervisor];
        below.iter().any(|role| self.roles.contains(role))
    }

    /// Whether it is seeing, on which every other permission on the same things stands:
    /// a role made here always has it, and limits say how far it goes.
    #[must_use]
    pub fn is_seeing(&self) -> bool {
        self.is_given() && self.name.ends_with(".see")
    }
}

/// Who may call a route.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever has signed in.
    SignedIn,
    /// Whoever has the permission.
    May(&'static Permission),
}

/// One line of the route table.
#[derive(Clone, Debug)]
pub struct Route {
    /// The HTTP method.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
}

/// A feature's routes: each is declared once, with who may call it, and that is
/// both what guards it and what the table and its generated test are made from.
#[derive(Default)]
pub struct Routes {
    /// What axum serves.
    pub router: Router<App>,
    /// The same as a table.
    pub table: Vec<Route>,
}

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Routes {
        Routes::default()
    }

    /// Answers GET (and HEAD) of `path`.
    #[must_use]
    pub fn get<T: 'static>(
        self,
        path: &'static str,
        access: Access,
        h: impl Handler<T, App>,
    ) -> Self {
        self.route(Method::GET, MethodFilter::GET, path, access, h)
    }

    /// Answers POST of `path`.
    #[must_use]
    pub fn post<T: 'static>(
        self,
        path: &'static str,
        access: Access,
        h: impl Handler<T, App>,
    ) -> Self {
        self.route(Method::POST, MethodFilter::POST, path, access, h)
    }

    /// Answers PATCH of `path`.
    #[must_use]
    pub fn patch<T: 'static>(
        self,
        path: &'static str,
        access: Access,
        h: impl Handler<T, App>,
    ) -> Self {
        self.route(Method::PATCH, MethodFilter::PATCH, path, access, h)
    }

    fn route<T: 'static>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        access: Access,
        handler: impl Handler<T, App>,
    ) -> Self {
        let guarded: MethodRouter<App, Infallible> =
            on(filter, handler).layer(from_fn(move |cx: Context, request: Request, next: Next| {
                guard(access, cx, request, next)
            }));
        self.router = self.router.route(path, guarded);
        self.table.push(Route {
            method,
            path,
            access,
        });
        self
    }

    /// These routes and those of `other`.
    #[must_use]
    pub fn merge(mut self, other: Routes) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }
}

/// Decides before the handler reads anything of the request's body.
async fn guard(access: Access, cx: Context, request: Request, next: Next) -> Response {
    let refused = match access {
        Access::Public => None,
        Access::SignedIn => cx.actor.user().err(),
        Access::May(permission) => match cx.actor.user() {
            Err(error) => Some(error),
            Ok(_) if cx.actor.may(permission) => None,
            Ok(_) => Some(Error::Forbidden("role")),
        },
    };
    match refused {
        Some(error) => error.into_response(),
        None => {
            cx.stage("processing");
            next.run(request).await
        }
    }
}
