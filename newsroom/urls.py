"""The doors."""

urlpatterns = []
