"""The user and group models that django-scim2 needs: its mixins carry id, externalId and names."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin


class Group(AbstractSCIMGroupMixin, models.Model):
    # Ours: unique, as the name of Django's own group is.
    name = models.CharField(max_length=150, unique=True)


class User(AbstractSCIMUserMixin, AbstractUser):
    scim_groups = models.ManyToManyField(Group, related_name="user_set")
    # For the adapter of people/fifteen.py; the adapter of the library knows none of them.
    title = models.CharField(max_length=200, blank=True, default="")
    employee_number = models.CharField(max_length=200, blank=True, default="")
    location = models.CharField(max_length=200, blank=True, default="")
    start_date = models.CharField(max_length=10, blank=True, default="")
    manager = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)
