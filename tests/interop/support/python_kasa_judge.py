"""Finds one device by discovery, signs in, switches it on and reads its power: the answers as one JSON line each."""

import asyncio, json, sys
from kasa import Discover, Credentials

def is_on(device):
    return any(child.is_on for child in device.children) if device.children else device.is_on


async def main():
    host, user, password = sys.argv[1:4]
    device = await Discover.discover_single(host, credentials=Credentials(user, password), discovery_timeout=4)
    await device.update()
    print(json.dumps({"model": device.model, "on": is_on(device), "alias": device.alias}))
    await (device.children[0] if device.children else device).turn_on()
    await device.update()
    energy = device.modules.get("Energy")
    print(json.dumps({"on": is_on(device), "power": energy.current_consumption if energy else None, "children": [c.alias for c in device.children]}))
    await device.disconnect()

asyncio.run(main())
