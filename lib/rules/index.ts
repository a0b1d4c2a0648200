import type { Fabric } from '../model';
import { checkRules } from './check-rules';
import { hasAWayIn } from './device/has-a-way-in';
import { hasAWayInOfItsOwn } from './device/has-a-way-in-of-its-own';
import { managementAddressIsItsOwn } from './device/management-address-is-its-own';
import { managementAddressIsUsable } from './device/management-address-is-usable';
import { connectionsJoinSomething } from './firewall/connections-join-something';
import { destinationPrefixesDiffer } from './firewall/destination-prefixes-differ';
import { flowPortsArePorts } from './firewall/flow-ports-are-ports';
import { flowsLeadToTheConnectedNetwork } from './firewall/flows-lead-to-the-connected-network';
import { flowsOnlyNarrow } from './firewall/flows-only-narrow';
import { hasAPrimaryNetwork } from './firewall/has-a-primary-network';
import { hasOnePrivateNetwork } from './firewall/has-one-private-network';
import { hidesWhereNatIsAsked } from './firewall/hides-where-nat-is-asked';
import { keptDestinationsAreReachable } from './firewall/kept-destinations-are-reachable';
import { sharedPrimaryJoinsExternalOnly } from './firewall/shared-primary-joins-external-only';
import { translatesToAnAddressOfTheNetwork } from './firewall/translates-to-an-address-of-the-network';
import { addressIsFree } from './host/address-is-free';
import { addressIsUsable } from './host/address-is-usable';
import { addressLiesInItsNetwork } from './host/address-lies-in-its-network';
import { attachesEachNetworkOnce } from './host/attaches-each-network-once';
import { attachesNoUnderlay } from './host/attaches-no-underlay';
import { belongsToTheProjectOfItsPrimaryNetwork } from './host/belongs-to-the-project-of-its-primary-network';
import { hasOneAddressPerFamily } from './host/has-one-address-per-family';
import { hasOneInterfacePerLeaf } from './host/has-one-interface-per-leaf';
import { isInARack } from './host/is-in-a-rack';
import { isWiredToTheLeavesOfOneRack } from './host/is-wired-to-the-leaves-of-one-rack';
import { networkHasRoom } from './host/network-has-room';
import { noautoGivesAnAddress } from './host/noauto-gives-an-address';
import { isNotChangedWhenFrozen } from './ledger/is-not-changed-when-frozen';
import { isReadable } from './ledger/is-readable';
import { numbersFitTheirPool } from './ledger/numbers-fit-their-pool';
import { declaredInsideAStack } from './library/declared-inside-a-stack';
import { identityIsKnownAtSynth } from './library/identity-is-known-at-synth';
import { namesAreUnique } from './library/names-are-unique';
import { namesFitTheDevice } from './library/names-fit-the-device';
import { referencesLeadSomewhere } from './library/references-lead-somewhere';
import { valuesAreWellFormed } from './library/values-are-well-formed';
import { externalAddressesHaveAFirewall } from './machine/external-addresses-have-a-firewall';
import { hasNoSecondPrivateNetwork } from './machine/has-no-second-private-network';
import { hasOnePrimaryNetwork } from './machine/has-one-primary-network';
import { staysOutOfFurtherSharedNetworks } from './machine/stays-out-of-further-shared-networks';
import { consumersAreDisjoint } from './network/consumers-are-disjoint';
import { destinationsAreOfItsFamilies } from './network/destinations-are-of-its-families';
import { destinationsLieOutside } from './network/destinations-lie-outside';
import { dmzHasItsOwnFirewall } from './network/dmz-has-its-own-firewall';
import { dmzHidesItsConsumers } from './network/dmz-hides-its-consumers';
import { externalHasARouter } from './network/external-has-a-router';
import { externalLeadsSomewhere } from './network/external-leads-somewhere';
import { hasAnAddressFamily } from './network/has-an-address-family';
import { hasAtMostOneFirewall } from './network/has-at-most-one-firewall';
import { internetAccessGoesOneWay } from './network/internet-access-goes-one-way';
import { internetAccessHasAWay } from './network/internet-access-has-a-way';
import { isConsumedByProjectsItIsExposedTo } from './network/is-consumed-by-projects-it-is-exposed-to';
import { isMarkedAsSharedOnce } from './network/is-marked-as-shared-once';
import { onlyPrivateNetworksAreShared } from './network/only-private-networks-are-shared';
import { prefixLengthFitsASuperNetwork } from './network/prefix-length-fits-a-super-network';
import { prefixesAreCanonical } from './network/prefixes-are-canonical';
import { prefixesAreDisjoint } from './network/prefixes-are-disjoint';
import { prefixesAreUnicast } from './network/prefixes-are-unicast';
import { prefixesLieInASuperNetwork } from './network/prefixes-lie-in-a-super-network';
import { proxyIsReachable } from './network/proxy-is-reachable';
import { routerAddressesFit } from './network/router-addresses-fit';
import { routerAsnIsInRange } from './network/router-asn-is-in-range';
import { routerLinksAreDisjoint } from './network/router-links-are-disjoint';
import { routerLinksLieOutside } from './network/router-links-lie-outside';
import { routerNamesAreUnique } from './network/router-names-are-unique';
import { routersAreWiredToBorderLeaves } from './network/routers-are-wired-to-border-leaves';
import { routersSpeakItsFamilies } from './network/routers-speak-its-families';
import { staysInItsPartition } from './network/stays-in-its-partition';
import { staysShared } from './network/stays-shared';
import { superNetworkHasRoom } from './network/super-network-has-room';
import { vniIsInRange } from './network/vni-is-in-range';
import { vniIsUnique } from './network/vni-is-unique';
import { asnPoolIsInRange } from './partition/asn-pool-is-in-range';
import { canariesAreItsDevices } from './partition/canaries-are-its-devices';
import { frrVersionIsSupported } from './partition/frr-version-is-supported';
import { hasSpines } from './partition/has-spines';
import { managementInterfaceIsNoPort } from './partition/management-interface-is-no-port';
import { mtuIsInRange } from './partition/mtu-is-in-range';
import { overlayMtuFitsTheUnderlay } from './partition/overlay-mtu-fits-the-underlay';
import { poolsHaveRoom } from './partition/pools-have-room';
import { rolloutLeavesSomebody } from './partition/rollout-leaves-somebody';
import { superNetworksAreDisjoint } from './partition/super-networks-are-disjoint';
import { superNetworksAreGiven } from './partition/super-networks-are-given';
import { underlayIsDisjoint } from './partition/underlay-is-disjoint';
import { underlayIsIpv4 } from './partition/underlay-is-ipv4';
import { vlanPoolIsInRange } from './partition/vlan-pool-is-in-range';
import { vniPoolIsInRange } from './partition/vni-pool-is-in-range';
import { hasOneOrTwoLeaves } from './rack/has-one-or-two-leaves';
import { hasAFreePort } from './switch/has-a-free-port';
import { interfaceNamesFitTheDevice } from './switch/interface-names-fit-the-device';
import { leafIsInARack } from './switch/leaf-is-in-a-rack';
import { portIsOnTheSwitch } from './switch/port-is-on-the-switch';
import { portIsUsedOnce } from './switch/port-is-used-once';
import { portsAreInRange } from './switch/ports-are-in-range';
import { hostKeyIsKnown } from './target/host-key-is-known';
import { numbersAreInRange } from './target/numbers-are-in-range';
import { privateKeyIsKnownToTerraformAlone } from './target/private-key-is-known-to-terraform-alone';
import type { Finding, Rule } from './rule';

export type { Finding, Rule, Violation } from './rule';
export { printable } from './words';

/** Every rule. Findings at one construct are reported in this order. */
export const RULES: readonly Rule[] = [
  // library
  declaredInsideAStack,
  identityIsKnownAtSynth,
  valuesAreWellFormed,
  namesFitTheDevice,
  namesAreUnique,
  referencesLeadSomewhere,
  // partition
  asnPoolIsInRange,
  canariesAreItsDevices,
  frrVersionIsSupported,
  hasSpines,
  managementInterfaceIsNoPort,
  mtuIsInRange,
  overlayMtuFitsTheUnderlay,
  poolsHaveRoom,
  rolloutLeavesSomebody,
  superNetworksAreDisjoint,
  superNetworksAreGiven,
  underlayIsDisjoint,
  underlayIsIpv4,
  vlanPoolIsInRange,
  vniPoolIsInRange,
  // rack
  hasOneOrTwoLeaves,
  // switch
  hasAFreePort,
  interfaceNamesFitTheDevice,
  leafIsInARack,
  portIsOnTheSwitch,
  portIsUsedOnce,
  portsAreInRange,
  // target
  hostKeyIsKnown,
  numbersAreInRange,
  privateKeyIsKnownToTerraformAlone,
  // device
  hasAWayIn,
  hasAWayInOfItsOwn,
  managementAddressIsItsOwn,
  managementAddressIsUsable,
  // network
  consumersAreDisjoint,
  destinationsAreOfItsFamilies,
  destinationsLieOutside,
  dmzHasItsOwnFirewall,
  dmzHidesItsConsumers,
  externalHasARouter,
  externalLeadsSomewhere,
  hasAnAddressFamily,
  hasAtMostOneFirewall,
  internetAccessGoesOneWay,
  internetAccessHasAWay,
  isConsumedByProjectsItIsExposedTo,
  isMarkedAsSharedOnce,
  onlyPrivateNetworksAreShared,
  prefixLengthFitsASuperNetwork,
  prefixesAreCanonical,
  prefixesAreDisjoint,
  prefixesAreUnicast,
  prefixesLieInASuperNetwork,
  proxyIsReachable,
  routerAddressesFit,
  routerAsnIsInRange,
  routerLinksAreDisjoint,
  routerLinksLieOutside,
  routerNamesAreUnique,
  routersAreWiredToBorderLeaves,
  routersSpeakItsFamilies,
  staysInItsPartition,
  staysShared,
  superNetworkHasRoom,
  vniIsInRange,
  vniIsUnique,
  // host
  addressIsFree,
  addressIsUsable,
  addressLiesInItsNetwork,
  attachesEachNetworkOnce,
  attachesNoUnderlay,
  belongsToTheProjectOfItsPrimaryNetwork,
  hasOneAddressPerFamily,
  hasOneInterfacePerLeaf,
  isInARack,
  isWiredToTheLeavesOfOneRack,
  networkHasRoom,
  noautoGivesAnAddress,
  // machine
  externalAddressesHaveAFirewall,
  hasNoSecondPrivateNetwork,
  hasOnePrimaryNetwork,
  staysOutOfFurtherSharedNetworks,
  // firewall
  connectionsJoinSomething,
  destinationPrefixesDiffer,
  flowPortsArePorts,
  flowsLeadToTheConnectedNetwork,
  flowsOnlyNarrow,
  hasAPrimaryNetwork,
  hasOnePrivateNetwork,
  hidesWhereNatIsAsked,
  keptDestinationsAreReachable,
  sharedPrimaryJoinsExternalOnly,
  translatesToAnAddressOfTheNetwork,
  // ledger
  isReadable,
  isNotChangedWhenFrozen,
  numbersFitTheirPool,
];

/** All that is broken in the fabric, in a fixed order. */
export function check(fabric: Fabric): readonly Finding[] {
  return checkRules(RULES, fabric);
}
