/**
 * A Flink job of somebody else's that uses Freshet's operators, with a source and a sink of its
 * own. It imports the public API alone, which {@code PublicApiTest} holds.
 */
@NullMarked
package io.freshet.example;

import org.jspecify.annotations.NullMarked;
