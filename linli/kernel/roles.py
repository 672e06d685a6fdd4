"""The closed list of roles. What a role may do stands in each slice's `access.RIGHTS`; posts are data in `grid`."""

from enum import StrEnum


class Role(StrEnum):
    """Who somebody is at a place (domain.md, "Who uses it"). The label is the field's own term."""

    RESIDENT = "resident"
    PARTY_MEMBER = "party_member"
    GROUP_OWNER = "group_owner"
    GRID_WORKER = "grid_worker"
    LINE_WORKER = "line_worker"
    GRID_HELPER = "grid_helper"
    GRID_MANAGER = "grid_manager"
    GRID_GUIDE = "grid_guide"
    COMMUNITY_HEAD = "community_head"
    DUTY_OFFICER = "duty_officer"
    CENTRE = "centre"
    STABILITY_CENTRE = "stability_centre"
    STREET_SECTION = "street_section"
    STREET_LEADER = "street_leader"
    BIG_DATA = "big_data"
    FRONT_DESK = "front_desk"
    DEPARTMENT = "department"
    COLLECTOR = "collector"
    DISTRICT_BODY = "district_body"
    DEPUTY = "deputy"
    PROPERTY = "property"
    FIRM = "firm"
    MERCHANT = "merchant"
    SOCIAL_ORG = "social_org"
    GOLDEN_EYE = "golden_eye"
    ADMIN_SYSTEM = "admin_system"
    ADMIN_SECURITY = "admin_security"
    ADMIN_AUDIT = "admin_audit"


# What these do they do of their own will, as residents: what they find may be rewarded (burden rules: nobody's duty is).
VOLUNTEERS = frozenset({Role.RESIDENT, Role.PARTY_MEMBER, Role.GROUP_OWNER, Role.GOLDEN_EYE})

# Whoever is the reported or the repairing side never learns who spoke, whatever else her posts say.
NEVER_WORDS = frozenset({Role.PROPERTY, Role.FIRM, Role.MERCHANT, Role.DEPARTMENT})

LABELS: dict[Role, str] = {
    Role.RESIDENT: "居民",
    Role.PARTY_MEMBER: "居民党员",
    Role.GROUP_OWNER: "群主",
    Role.GRID_WORKER: "网格责任社工",
    Role.LINE_WORKER: "条线专职社工",
    Role.GRID_HELPER: "网格协管员",
    Role.GRID_MANAGER: "网格管理员",
    Role.GRID_GUIDE: "网格指导员",
    Role.COMMUNITY_HEAD: "社区书记",
    Role.DUTY_OFFICER: "街道值班员",
    Role.CENTRE: "云平台中心",
    Role.STABILITY_CENTRE: "综治中心",
    Role.STREET_SECTION: "街道科室",
    Role.STREET_LEADER: "街道分管领导",
    Role.BIG_DATA: "大数据中心",
    Role.FRONT_DESK: "前台接办",
    Role.DEPARTMENT: "职能部门",
    Role.COLLECTOR: "信息采集员",
    Role.DISTRICT_BODY: "区级部门",
    Role.DEPUTY: "人大代表",
    Role.PROPERTY: "物业",
    Role.FIRM: "驻区单位",
    Role.MERCHANT: "商户",
    Role.SOCIAL_ORG: "社会组织",
    Role.GOLDEN_EYE: "凯旋黄金眼",
    Role.ADMIN_SYSTEM: "系统管理员",
    Role.ADMIN_SECURITY: "安全管理员",
    Role.ADMIN_AUDIT: "审计管理员",
}
