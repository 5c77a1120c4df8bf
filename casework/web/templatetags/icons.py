"""`{% icon "home" %}`: one drawing of the sprite, silent to a screen reader."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

SPRITE = "vendor/tabler-icons/3.51.0/icons.svg"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon beside a word; it never stands alone for one."""
    return format_html(
        '<svg class="cw-i" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static(SPRITE),
        name,
    )
