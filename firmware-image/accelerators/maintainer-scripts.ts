import { modelFolderOf, serviceOf, type Layer } from './layers.ts'

/** What dpkg runs. Each step holds in a chroot too, where there is no systemd and no udev. */
export function maintainerScripts(layer: Layer): { postinst: string; prerm: string; postrm: string } {
  const units = `${serviceOf(layer)}.service ${serviceOf(layer)}.path`
  return { postinst: postinst(layer, units), prerm: prerm(units), postrm: postrm(layer, units) }
}

const RELOAD = `if [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload >/dev/null || true`

const postinst = (layer: Layer, units: string): string => `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  ${layer.groups.map((group) => `getent group ${group} >/dev/null || groupadd --system ${group}`).join('\n  ')}
  install -d -m 0755 ${modelFolderOf(layer)}
  for unit in ${units}; do
    if command -v deb-systemd-helper >/dev/null; then
      deb-systemd-helper unmask "$unit" >/dev/null || true
      if deb-systemd-helper --quiet was-enabled "$unit"; then
        deb-systemd-helper enable "$unit" >/dev/null || true
      else
        deb-systemd-helper update-state "$unit" >/dev/null || true
      fi
    fi
  done
  ${RELOAD}
    udevadm control --reload >/dev/null 2>&1 || true
    udevadm trigger --action=change >/dev/null 2>&1 || true
    deb-systemd-invoke restart ${units} >/dev/null || true
  fi
fi
`

const prerm = (units: string): string => `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  deb-systemd-invoke stop ${units} >/dev/null || true
fi
`

const postrm = (layer: Layer, units: string): string => `#!/bin/sh
set -e
# The model is the owner's: it goes only when somebody asks for it by purging.
if [ "$1" = purge ]; then
  rm -rf ${modelFolderOf(layer)} /etc/default/${serviceOf(layer)}
  rmdir --ignore-fail-on-non-empty /var/lib/lares-accelerators 2>/dev/null || true
fi
if command -v deb-systemd-helper >/dev/null; then
  if [ "$1" = remove ]; then deb-systemd-helper mask ${units} >/dev/null || true; fi
  if [ "$1" = purge ]; then
    deb-systemd-helper purge ${units} >/dev/null || true
    deb-systemd-helper unmask ${units} >/dev/null || true
  fi
fi
${RELOAD}
  udevadm control --reload >/dev/null 2>&1 || true
fi
`
