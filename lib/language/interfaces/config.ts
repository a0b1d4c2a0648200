/** An ifupdown2 `interfaces` file as data. */
export interface InterfacesConfig {
  readonly remarks: readonly string[];
  /** In the order in which they are brought up where ifupdown2 sees no dependency. */
  readonly stanzas: readonly InterfaceStanza[];
}

export interface InterfaceStanza {
  readonly name: string;
  readonly remark: string | undefined;
  readonly loopback: boolean;
  readonly attributes: readonly InterfaceAttribute[];
}

/** A keyword of interfaces(5) or of one of ifupdown2's modules, and its value. */
export interface InterfaceAttribute {
  readonly keyword: string;
  readonly value: string;
}
