"""The addresses of the administration room."""

from django.urls import path

from casework.web.administration import network, people, system

urlpatterns = [
    path("network/", network.network, name="network"),
    path("network/<str:code>/", network.network_unit, name="network_unit"),
    path("network/<str:code>/open/", network.network_open, name="network_open"),
    path("network/<str:code>/rename/", network.network_rename, name="network_rename"),
    path("network/<str:code>/close/", network.network_close, name="network_close"),
    path("people/", people.people_list, name="people"),
    path("people/new/", people.people_new, name="people_new"),
    path("people/<int:pk>/", people.people_one, name="people_one"),
    path("people/<int:pk>/account/", people.people_account, name="people_account"),
    path("people/<int:pk>/appoint/", people.people_appoint, name="people_appoint"),
    path("people/<int:pk>/hats/<int:hat>/end/", people.people_end, name="people_end"),
    path(
        "people/<int:pk>/accounts/<int:account>/<str:act>/",
        people.people_account_act,
        name="people_account_act",
    ),
    path("system/", system.system, name="system"),
]
