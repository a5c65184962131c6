/**
 * Freshet on a real cluster: job manager, task managers, ZooKeeper and broker are processes of
 * their own, made of jars from Maven Central and this repository's {@code flink-conf}, and can be
 * killed at any moment. Needs what {@code mvn package} makes.
 *
 * <p>{@link io.freshet.cluster.FlinkCluster} and {@link io.freshet.cluster.Broker} start and kill
 * processes, {@link io.freshet.cluster.FlinkRest} asks and commands the cluster, {@link
 * io.freshet.cluster.Topics} writes and reads, {@link io.freshet.cluster.SavedState} reads what a
 * savepoint holds, {@link io.freshet.cluster.Scrape} the metrics of a process, {@link
 * io.freshet.cluster.Prometheus} those of all. A failed test shows the end of every process's log
 * ({@link io.freshet.cluster.ShowLogs}).
 */
@NullMarked
package io.freshet.cluster;

import org.jspecify.annotations.NullMarked;
