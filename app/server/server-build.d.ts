// Made by the framework's build out of all routes; it exists in no file.
declare module "virtual:remix/server-build";
