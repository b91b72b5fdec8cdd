"""The attributes that 15Five has besides those of its library, as far as public pages tell. All of this is wiring of ours:
what it does with a manager and with a day is our reading of these pages, and shows nothing about the service itself.

A manager is named by id or e-mail address. One who is unknown or not active is left empty without an error. A day is
MM/DD/YYYY. A PUT clears what it leaves out, as that of the library does.
"""

import re

from django_scim import exceptions
from django_scim.adapters import SCIMUser

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
FIFTEEN = "urn:ietf:params:scim:schemas:extension:15Five:2.0:User"


class User(SCIMUser):
    def to_dict(self):
        d = super().to_dict()
        user = self.obj
        enterprise, fifteen = {}, {}
        if user.title:
            d["title"] = user.title
        if user.employee_number:
            enterprise["employeeNumber"] = user.employee_number
        if user.manager_id:
            enterprise["manager"] = {"value": str(user.manager_id)}
        if user.location:
            fifteen["location"] = user.location
        if user.start_date:
            fifteen["startDate"] = user.start_date
        for urn, attributes in ((ENTERPRISE, enterprise), (FIFTEEN, fifteen)):
            if attributes:
                d["schemas"].append(urn)
                d[urn] = attributes
        return d

    def from_dict(self, d):
        super().from_dict(d)
        enterprise, fifteen = d.get(ENTERPRISE) or {}, d.get(FIFTEEN) or {}
        user = self.obj
        user.title = d.get("title") or ""
        user.employee_number = enterprise.get("employeeNumber") or ""
        user.location = fifteen.get("location") or ""
        user.start_date = self.day(fifteen.get("startDate") or "")
        user.manager = self.manager((enterprise.get("manager") or {}).get("value") or "")

    @staticmethod
    def day(text):
        if text and not re.fullmatch(r"[01]\d/[0-3]\d/\d{4}", text):
            raise exceptions.BadRequestError("startDate has to be MM/DD/YYYY")
        return text

    @staticmethod
    def manager(value):
        from people.models import User as Account

        active = Account.objects.filter(is_active=True)
        by_id = active.filter(id=int(value)).first() if value.isdigit() else None
        return by_id or (active.filter(email=value).first() if value else None)
