/**
 * Freshet: an Apache Flink job that keeps a deep recommendation model fresh.
 *
 * <pre>
 *  interactions ─▶ source ─▶ history ─▶ item ─▶ recommend ─▶ sink ─▶ recommendations
 *                    │          │        │         ▲  └─▶ probes ─▶ evaluations
 *                    ▼          │        └─────────┤ popularity
 *               dead-letters    └─▶ training ──────┤ versions ─▶ model-checkpoints
 *                                      ▲           │
 *  items ────────▶ source ─▶ item ─────┴───────────┘ content vectors
 *
 *  controls ─────▶ source ─▶ control ─▶ history, training ─▶ recommend ─▶ control ─▶ sink ─▶ audit
 * </pre>
 *
 * <p>{@link io.freshet.JobTopology} wires the stages; {@link io.freshet.FreshetJob} puts Kafka
 * around them. The rules, which {@code ArchitectureTest} holds:
 *
 * <ul>
 *   <li>Stages never import stages: they share {@code event} (data) and {@code runtime} (what all
 *       may use), and are wired here. Only {@code training} imports the {@code store}.
 *   <li>{@code event} and {@code model} depend on the JDK alone; {@code config} also on Flink's
 *       options; {@code runtime} on Flink and {@code event}.
 *   <li>DJL and TensorFlow appear in {@code model.tensorflow} only, Kafka in {@code kafka} (what is
 *       checked before the start, and what shows that a job runs), {@code source}, {@code sink} and
 *       the {@code demo}, and in the gateway, {@code serve}, which alone has an HTTP server. {@code
 *       preflight} puts all that is checked together.
 *   <li>Only {@code cli}, {@code demo} and {@code replay}, which run the job, import this package,
 *       and only {@code cli} prints.
 * </ul>
 *
 * <p><b>Public API.</b> Other Flink jobs may use {@link io.freshet.JobTopology}, {@code
 * io.freshet.config}, {@code io.freshet.event} and the port {@code io.freshet.model}; {@code
 * io.freshet.example} among the tests is such a job. All else is Freshet's own and changes without
 * notice, though Java has to call it public where one package uses another's. {@code PublicApiTest}
 * holds that the public API hands out none of it, and that types are not public without need.
 */
@NullMarked
package io.freshet;

import org.jspecify.annotations.NullMarked;
