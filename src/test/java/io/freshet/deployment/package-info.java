/**
 * What is deployed, as far as it can be checked without Docker and Kubernetes: images, compose file
 * and resources agree with each other, with {@code flink-conf} and with what is built. {@code
 * io.freshet.cluster.ApplicationITCase} runs the same entry points, configuration and user as plain
 * processes.
 */
@NullMarked
package io.freshet.deployment;

import org.jspecify.annotations.NullMarked;
