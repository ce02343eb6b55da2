"""What ``devices ACTION --help`` says beside the options: the action in Chinese, an example, and the exit codes.

Texts only; the actions themselves are the table in ``ui.command_line.devices``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """One action for who types it the first time. ``exits`` are the meanings of 0, 1 and 2."""

    zh: str
    example: str
    exits: tuple[str, str, str]

    def __str__(self) -> str:
        codes = "\n".join(f"  {code}  {meaning}" for code, meaning in enumerate(self.exits) if meaning)
        return f"{self.zh}\n\nexample / 示例:\n  teller-desk devices {self.example}\n\nexit code / 退出码:\n{codes}"


_NO_PORT = "the port or the model cannot be used; it says why 端口或机型不可用"
GUIDES: Mapping[str, Guide] = {
    "list": Guide(
        "列出本程序能驱动的机型、依据程度、绑定的端口。",
        "list",
        ("listed 已列出", "", "the bindings cannot be read 绑定文件不可读"),
    ),
    "find": Guide(
        "查找本机串口并给出可抄入配置的行；不打开任何端口。加 --identify 才逐个询问。",
        "find --identify ebds",
        ("found 找到", "no port, or none with that model 没有", "no such model 没有此机型"),
    ),
    "identify": Guide(
        "询问端口上的机器是谁；不动钞、不打印。",
        "identify ebds --port /dev/ttyUSB0",
        ("it said who it is 已识别", "it did not answer as this model does 未识别", _NO_PORT),
    ),
    "test": Guide(
        "安全自检：是谁、状态如何；加 --with-effects 才打印一行、点一堆或看一张。",
        "test t5040 --port COM3 --with-effects",
        ("all is well 正常", "something is not 有问题，附处理办法", _NO_PORT),
    ),
    "conform": Guide(
        "按故障清单 F1–F27 检验一个机型；不给端口时用模拟机，给端口时检验真机，人在旁回答。",
        "conform acme9 --line null_modem",
        (
            "passed 通过",
            "a fault found something, or there is still something to do 未通过或有待办",
            _NO_PORT,
        ),
    ),
    "simulate": Guide(
        "运行一台模拟机，先显示端口，按 Ctrl-C 结束；用手的动作以 JSON 行输入。",
        "simulate aa55 --tcp",
        (
            "ended by Ctrl-C or a signal 已结束",
            "",
            "no such model, or no place for it 没有此机型或目录不可用",
        ),
    ),
    "record": Guide(
        "录制与真机的一次会话，先屏蔽号码与文字再写文件，并附可直接运行的回放测试。",
        "record aa55 --port /dev/ttyUSB0 --out counter.json --seconds 30",
        (
            "recorded, and it replays 已录且可回放",
            "the replay differs, or the line was lost 回放不符或断线",
            _NO_PORT,
        ),
    ),
    "secret": Guide(
        "把机器须知的密码（如 ccTalk 六位密钥）存入本系统密钥库；不作参数、不进文件、不进日志。",
        "secret cctalk_cipher",
        ("kept 已保存", "", "none needed, none given, or no key store 不需要、未给出或没有密钥库"),
    ),
    "ticket": Guide(
        "用一张样票试读小票行格式：逐行显示读成什么、哪些行未识别、合计是否相符。未经验证。",
        "ticket resources/tickets/example.toml sample.txt",
        (
            "read whole, the sums agree 整张读通",
            "not 未读通",
            "a file or the pattern has a flaw 文件或格式有误",
        ),
    ),
    "decode": Guide(
        "解释一帧抓到的报文；不打开端口。",
        "decode ebds 02 08 10 7F 00 00 03 67",
        ("valid 有效", "not valid 无效", "the bytes or the protocol cannot be read 字节或协议不可读"),
    ),
    "matrix": Guide(
        "由机型清单重写手册中的支持一览表。",
        "matrix --check",
        (
            "written, or up to date 已写或已是最新",
            "with --check: out of date 已过时",
            "cannot be written 不可写",
        ),
    ),
    "new-driver": Guide(
        "为新机器铺好文件和待办清单；步骤见 resources/manual/new-driver.md。",
        "new-driver acme9",
        ("laid out 已铺好", "", "nothing was written; it says why 未写任何文件"),
    ),
}
