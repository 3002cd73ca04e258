export { Failure, InvalidJsonError, LimitReachedError, SaveError, TooLargeError } from "./errors.js";
export { defineModule } from "./module.js";
export { object } from "./schema.js";
