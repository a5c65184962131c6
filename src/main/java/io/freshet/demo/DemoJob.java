package io.freshet.demo;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the demo shows: the job from Kafka to Kafka. */
@FunctionalInterface
public interface DemoJob {

    /** Adds the whole job to an environment, by Freshet's options. */
    void build(StreamExecutionEnvironment env, Configuration options);
}
