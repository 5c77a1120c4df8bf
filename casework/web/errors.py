"""The pages for what went wrong; none of them shows a traceback."""

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from casework.domain.materials import LARGEST_FORM, MEGABYTE, MOST_FILES


def bad_request(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    told = _("浏览器送来的内容看不懂。请回到上一页，重新填写再提交。")
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        told = _(
            "送来的内容太多，没有收。一张表单的文件一共最多%(most)s MB、%(files)s个，"
            "请分几次传。"
        ) % {"most": LARGEST_FORM // MEGABYTE, "files": MOST_FILES}
    return _page(request, 400, told)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, _("您没有打开这一页的权限。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("没有这一页，或者它不在您的管辖范围内。请核对网址，或从左侧导航重新进入。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/broken.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _(
            "这一页打开得太久，或者您在另一个窗口重新登录过。您填的内容没有提交；请退回上一页，刷新后再提交一次。"
        ),
    )


def _page(request: HttpRequest, status: int, message: str) -> HttpResponse:
    return render(
        request,
        "errors/refused.html",
        {"status": status, "message": message},
        status=status,
    )
