package io.freshet.replay.ablation;

import org.apache.flink.configuration.Configuration;

/**
 * The system with one thing changed.
 *
 * @param name short name, which is also that of its directory
 * @param about what is different, in words
 * @param options what is different, in options of the job
 * @param ownBase whether its base model differs too, and must be made anew
 */
record Variant(String name, String about, Configuration options, boolean ownBase) {}
