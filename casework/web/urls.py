"""Every address of the site."""

from django.urls import include, path

from casework.web import session

urlpatterns = [
    path("", include("casework.web.desk.urls")),
    path("log-in/", session.LogIn.as_view(), name="log_in"),
    path("log-out/", session.LogOut.as_view(), name="log_out"),
    path("session/", session.alive, name="session"),
    path("hat/", session.wear_hat, name="wear_hat"),
    path("preferences/", session.preferences, name="preferences"),
    path("password/", session.change_password, name="change_password"),
    path("", include("casework.web.administration.urls")),
]
