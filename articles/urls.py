from django.urls import path

from articles import views

articles = [
    path("", views.ArticleList.as_view(), name="list"),
    path("<slug:slug>/", views.ArticleDetail.as_view(), name="detail"),
]
