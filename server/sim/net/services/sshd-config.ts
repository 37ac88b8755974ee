import type { Host } from "../../host/index.ts";

/** Keywords of sshd_config, in lower case (openssh-portable servconf.c, with Ubuntu's own). */
const KEYWORDS: ReadonlySet<string> = new Set(
  `usepam pamauthenticationviakbdint port hostkey hostdsakey hostkeyagent pidfile modulifile serverkeybits logingracetime
keyregenerationinterval permitrootlogin syslogfacility loglevel logverbose rhostsauthentication rhostsrsaauthentication
hostbasedauthentication hostbasedusesnamefrompacketonly hostbasedacceptedalgorithms hostbasedacceptedkeytypes hostkeyalgorithms
rsaauthentication pubkeyauthentication pubkeyacceptedalgorithms pubkeyacceptedkeytypes pubkeyauthoptions dsaauthentication
kerberosauthentication kerberosorlocalpasswd kerberosticketcleanup kerberosgetafstoken kerberostgtpassing afstokenpassing
gssapiauthentication gssapicleanupcredentials gssapistrictacceptorcheck gssapistorecredentialsonrekey gssapikeyexchange
gssapikexalgorithms passwordauthentication kbdinteractiveauthentication challengeresponseauthentication skeyauthentication checkmail
listenaddress addressfamily printmotd printlastlog ignorerhosts ignoreuserknownhosts x11forwarding x11displayoffset x11uselocalhost
xauthlocation strictmodes permitemptypasswords permituserenvironment uselogin compression rekeylimit tcpkeepalive keepalive
allowtcpforwarding allowagentforwarding allowusers denyusers allowgroups denygroups ciphers macs protocol gatewayports subsystem
maxstartups persourcemaxstartups persourcenetblocksize maxauthtries maxsessions banner usedns verifyreversemapping
reversemappingcheck clientaliveinterval clientalivecountmax authorizedkeysfile authorizedkeysfile2 useprivilegeseparation acceptenv
setenv permittunnel permittty permituserrc match permitopen permitlisten forcecommand chrootdirectory hostcertificate revokedkeys
trustedusercakeys authorizedprincipalsfile kexalgorithms include ipqos authorizedkeyscommand authorizedkeyscommanduser
authorizedprincipalscommand authorizedprincipalscommanduser versionaddendum authenticationmethods streamlocalbindmask
streamlocalbindunlink allowstreamlocalforwarding fingerprinthash disableforwarding exposeauthinfo rdomain casignaturealgorithms
securitykeyprovider requiredrsasize channeltimeout unusedconnectiontimeout debianbanner`.split(/\s+/),
);

const CONFIG = "/etc/ssh/sshd_config";
const DROP_INS = "/etc/ssh/sshd_config.d";

/** What sshd says of a configuration that it cannot use, line by line; nothing if it can. */
export function sshdConfigProblems(host: Host): readonly string[] {
  if (!host.files.exists(CONFIG)) return [`${CONFIG}: No such file or directory`];
  const bad: string[] = [];
  for (const path of configFiles(host)) {
    for (const [at, text] of (host.readText(path) ?? "").split("\n").entries()) {
      const [, keyword, value] = /^\s*([^\s#=]+)[\s=]*(.*)$/.exec(text) ?? [];
      if (keyword === undefined) continue;
      if (!KEYWORDS.has(keyword.toLowerCase()))
        bad.push(`${path}: line ${at + 1}: Bad configuration option: ${keyword}`);
      else if (value === "") return [`${path} line ${at + 1}: no argument after keyword "${keyword}"`];
    }
  }
  if (bad.length === 0) return [];
  return [...bad, `${CONFIG}: terminating, ${bad.length} bad configuration options`];
}

/** The ports that sshd is to listen to. */
export function sshdPorts(host: Host): readonly number[] {
  const ports = configFiles(host).flatMap((path) =>
    [...(host.readText(path) ?? "").matchAll(/^\s*Port[\s=]+(\d+)\s*$/gim)].map(([, port]) => Number(port)),
  );
  return ports.length > 0 ? ports : [22];
}

function configFiles(host: Host): readonly string[] {
  const names = host.files.exists(DROP_INS) ? host.files.list(DROP_INS) : [];
  const dropIns = names.filter((name) => name.endsWith(".conf")).toSorted();
  const included = /^\s*Include\s+\/etc\/ssh\/sshd_config\.d\//im.test(host.readText(CONFIG) ?? "");
  return [...(included ? dropIns.map((name) => `${DROP_INS}/${name}`) : []), CONFIG];
}
