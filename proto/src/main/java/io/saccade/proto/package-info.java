/**
 * The contract between all roles: topics ({@link io.saccade.proto.Topics}), the messages in them
 * ({@code io.saccade.proto.v1}, generated from {@code saccade/v1/*.proto}) and their serialisers.
 */
package io.saccade.proto;
