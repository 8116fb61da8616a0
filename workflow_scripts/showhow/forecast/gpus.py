"""What is known of the devices that a study may run on (profiles/gpus.yaml)."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, PositiveFloat

from showhow.base.errors import ShowhowError
from showhow.recipes.described import Described
from showhow.study.complaints import instead, read_as

CPU = "cpu"


class Device(Described, frozen=True):  # pyright: ignore[reportGeneralTypeIssues] # as Described is
    """A GPU, or one core of a processor; the file says what each number means."""

    known_as: str = Field(description="A part of the name that the driver reports.")
    bf16_tflops: PositiveFloat | None = Field(description="Dense bf16 operations, 10^12 a second.")
    fp32_tflops: PositiveFloat = Field(description="fp32 operations, 10^12 a second.")
    bandwidth_gb_s: PositiveFloat = Field(description="Bytes of memory read, 10^9 a second.")
    memory_gb: PositiveFloat = Field(description="Memory in 10^9 bytes.")
    start_seconds: PositiveFloat = Field(description="From a job's start to its first step.")
    layer_seconds: PositiveFloat = Field(description="The least time of a layer's forward pass.")

    def peak(self, bf16: bool) -> float:
        """Give the operations per second that the device is sold with."""
        tflops = self.bf16_tflops if bf16 and self.bf16_tflops else self.fp32_tflops
        return tflops * 1e12

    @property
    def bandwidth(self) -> float:
        """Bytes per second."""
        return self.bandwidth_gb_s * 1e9

    @property
    def memory(self) -> float:
        """Bytes."""
        return self.memory_gb * 1e9


class DeviceFile(Described):
    """All devices, by name."""

    devices: dict[str, Device]


def read_devices(path: Path) -> dict[str, Device]:
    """Read the devices; what is wrong with the file is raised as ShowhowError, a sentence each."""
    return read_as(DeviceFile, path).devices


def device_named(devices: dict[str, Device], name: str) -> str:
    """Find a device by its name, whatever the case; raises ShowhowError with those there are."""
    for known in devices:
        if known.casefold() == name.casefold():
            return known
    remedy = instead(name, devices, "write one of these, or add it to profiles/gpus.yaml")
    raise ShowhowError(f"There is no device {name} in profiles/gpus.yaml; {remedy}")


def device_of(devices: dict[str, Device], gpus: Iterable[str]) -> str | None:
    """Name the device that ran a job, from the GPUs' names in its record; None if not known.

    A job without GPUs ran on the processor. The longest part of a name that fits decides.
    """
    reported = next(iter(gpus), None)
    if reported is None:
        return CPU
    fitting = [name for name, device in devices.items() if device.known_as in reported]
    return max(fitting, key=lambda name: len(devices[name].known_as), default=None)
