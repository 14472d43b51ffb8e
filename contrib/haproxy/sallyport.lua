-- SPDX-License-Identifier: Apache-2.0
-- Asks Sallyport about a request (docs/forward_auth.md). HAProxy 2.6 or newer.
--
--   global    lua-load-per-thread /etc/haproxy/sallyport.lua
--   frontend  http-request lua.sallyport_verify 127.0.0.1:8080
--
-- Sets txn.sallyport_status (200: go on; anything else: refuse), txn.sallyport_login (where to sign in, on 401) and
-- txn.sallyport_cookie_1 … _3 (Set-Cookie for the client). On 200 the identity headers are replaced by Sallyport's; else
-- they are gone. No answer, or one that is not understood, is 503: nothing passes unasked.

local identity = { "x-auth-subject", "x-auth-email", "x-auth-name", "x-auth-groups", "x-auth-session", "x-auth-csrf", "authorization" }
local not_copied = { ["connection"] = true, ["content-length"] = true, ["transfer-encoding"] = true, ["expect"] = true, ["upgrade"] = true,
  ["keep-alive"] = true, ["te"] = true, ["trailer"] = true, ["x-original-method"] = true, ["x-original-url"] = true }

-- One spelling of a name: servers behind may take "_" for "-".
local function plain(name) return (string.lower(name):gsub("_", "-")) end

local function is_identity(name)
  local spelled = plain(name)
  if spelled:sub(1, 7) == "x-auth-" then return true end
  for _, wanted in ipairs(identity) do
    if spelled == wanted then return true end
  end
  return false
end

local function question(txn)
  local headers = {}
  for name, values in pairs(txn.http:req_get_headers()) do
    if not not_copied[plain(name)] then
      local list = {}
      for i = 0, #values do list[#list + 1] = values[i] end
      headers[name] = list
    end
  end
  local scheme = txn.sf:ssl_fc() == "1" and "https" or "http"
  headers["x-original-method"] = { txn.sf:method() }
  headers["x-original-url"] = { scheme .. "://" .. txn.sf:req_fhdr("host") .. txn.sf:pathq() }
  return headers
end

local function first(answer, name)
  local values = answer.headers and answer.headers[name]
  return values and (values[0] or values[1])
end

core.register_action("sallyport_verify", { "http-req" }, function(txn, address)
  txn:set_var("txn.sallyport_status", 503)
  local asked, answer = pcall(function()
    return core.httpclient():get({ url = "http://" .. address .. "/api/auth/verify", headers = question(txn), timeout = 5000 })
  end)
  for name in pairs(txn.http:req_get_headers()) do
    if is_identity(name) then txn.http:req_del_header(name) end
  end
  if not asked or type(answer) ~= "table" or not answer.status then return end
  if answer.status ~= 200 and answer.status ~= 401 and answer.status ~= 403 then return end
  txn:set_var("txn.sallyport_status", answer.status)
  if answer.status == 401 then txn:set_var("txn.sallyport_login", first(answer, "x-auth-login-url") or "") end
  if answer.status ~= 200 then return end
  for _, name in ipairs(identity) do
    local value = first(answer, name)
    if value and value ~= "" then txn.http:req_set_header(name, value) end
  end
  local cookies, count = answer.headers["set-cookie"], 0
  for _, cookie in pairs(cookies or {}) do
    count = count + 1
    if count <= 3 then txn:set_var("txn.sallyport_cookie_" .. count, cookie) end
  end
end, 1)
