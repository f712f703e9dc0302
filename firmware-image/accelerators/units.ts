import { SYSTEM_SIDECARS } from '../../appliance/src/vision/backends/sidecar-socket.ts'
import { modelFolderOf, packageNameOf, pythonFolderOf, serviceOf, type Layer } from './layers.ts'

/** Folder of the sockets, as systemd names it below /run. */
const RUNTIME_DIRECTORY = SYSTEM_SIDECARS.replace(/^\/run\//, '')

/**
 * The sidecar as a service of its own: it may open its chip and nothing that the home knows; Lares itself may not open the
 * chip. The socket lies where Lares looks every 15 seconds, so the order in which the two start does not matter.
 */
export function serviceText(layer: Layer): string {
  const { name, title, groups, devices, model } = layer
  return `# Looks at pictures on ${title} for Lares. Lares finds it by its socket; nothing has to be set.
[Unit]
Description=Lares sidecar for ${title}
Documentation=file:///usr/share/doc/${packageNameOf(layer)}/README.md
ConditionPathExists=${modelFolderOf(layer)}/${model}
StartLimitIntervalSec=0

[Service]
Type=exec
User=lares
Group=lares
SupplementaryGroups=${groups.join(' ')}
# Libraries that Debian does not have may lie in a Python of their own.
Environment=PATH=${pythonFolderOf(layer)}/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
# OPTIONS="--size 416x416", where the model does not say its own size.
EnvironmentFile=-/etc/default/${serviceOf(layer)}
ExecStart=/usr/bin/env python3 /usr/lib/lares/appliance/sidecars/${name}.py --socket ${SYSTEM_SIDECARS}/${name}.sock --model ${modelFolderOf(layer)}/${model} $OPTIONS
# What a maker's library writes beside itself (logs, caches) goes with the service.
WorkingDirectory=/tmp
Restart=always
RestartSec=5
RuntimeDirectory=${RUNTIME_DIRECTORY}
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
UMask=0077

# What a picture could do to a maker's library must stay in here: no network, no data of the home.
IPAddressDeny=any
RestrictAddressFamilies=AF_UNIX AF_NETLINK
InaccessiblePaths=-/var/lib/lares -/var/cache/lares -/etc/lares
CapabilityBoundingSet=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateMounts=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
KeyringMode=private
${deviceLines(devices)}
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
# No MemoryDenyWriteExecute: some of these libraries compile while they run.
MemoryMax=50%
TasksMax=256

[Install]
WantedBy=multi-user.target
`
}

function deviceLines(devices: readonly string[] | null): string {
  if (devices === null)
    return '# The GPU shows some forty nodes that change from release to release: rights by group alone.\n'
  return `DevicePolicy=closed\n${devices.map((each) => `DeviceAllow=${each} rw\n`).join('')}`
}

/** Starts the sidecar as soon as its model is laid there, without a restart of anything. */
export function pathText(layer: Layer): string {
  return `[Unit]
Description=The model for ${layer.title}

[Path]
PathExists=${modelFolderOf(layer)}/${layer.model}
Unit=${serviceOf(layer)}.service

[Install]
WantedBy=paths.target
`
}

/** For lares.service: its own folder in /run, where the sockets lie, outlives a restart of Lares. */
export function dropInText({ title }: Layer): string {
  return `# The socket of the sidecar for ${title} lies in Lares's folder of /run. Without this it would go at each restart of Lares.
# Lares itself gets no right to the chip: the sidecar has it.
[Service]
RuntimeDirectoryPreserve=yes
`
}
